import type { HttpResponse } from '../ports.ts';
import { parseObject, quoteRefusal, requestIdFrom, serverTimeOf, toText } from '../response.ts';
import type { Secret } from '../secret.ts';

export type Service = 'github' | 'domain' | 'object-storage' | 'oke' | 'ocir' | 'sts' | 'instance';

/** A service understood a request and refused it. `diagnosis/` translates it into an ActionError. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
  readonly service: Service;
  readonly status: number;
  /** The service's own error code; '' without one. */
  readonly code: string;
  /** The service's own words, without secrets and runner commands; '' without any. */
  readonly text: string;
  readonly requestId: string | undefined;
  /** See `HttpResponse`. */
  readonly attempts: string | undefined;
  /** The service's clock, milliseconds since the epoch. */
  readonly serverTime: number | undefined;

  constructor(
    service: Service,
    details: Pick<ServiceRefusal, 'status' | 'requestId'> &
      Partial<Pick<ServiceRefusal, 'code' | 'text' | 'attempts' | 'serverTime'>>,
  ) {
    super(`${service} refused with status ${details.status}`);
    this.service = service;
    this.status = details.status;
    this.code = details.code ?? '';
    this.text = details.text ?? '';
    this.requestId = details.requestId;
    this.attempts = details.attempts;
    this.serverTime = details.serverTime;
  }
}

/**
 * A refusal by an API of OCI, with its code and its text; both are '' if the body has none.
 * @param secrets that the text may repeat
 * @see API Errors (OCI documentation)
 */
export function apiRefusal(
  service: Service,
  response: HttpResponse,
  secrets: readonly Secret[],
): ServiceRefusal {
  const { status, text: body, attempts } = response;
  const members = parseObject(body);
  const code = toText(members?.['code']);
  return new ServiceRefusal(service, {
    status,
    code,
    text: quoteRefusal(code, members?.['message'], secrets),
    requestId: requestIdFrom(response, 'opc-request-id'),
    attempts,
    serverTime: serverTimeOf(response),
  });
}
