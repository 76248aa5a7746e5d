export type Service = 'github' | 'domain' | 'object-storage' | 'sts';

export interface RefusalDetails {
  status: number;
  /** The service's own error code; '' without one. */
  code?: string;
  /** The service's own words, without secrets and runner commands; '' without any. */
  text?: string;
  requestId: string | undefined;
  /** See `HttpResponse`. */
  attempts?: string | undefined;
  /** The service's clock, milliseconds since the epoch. */
  serverTime?: number | undefined;
}

/** A service understood a request and refused it. `diagnosis/` translates it into an ActionError. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
  readonly service: Service;
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly requestId: string | undefined;
  readonly attempts: string | undefined;
  readonly serverTime: number | undefined;

  constructor(service: Service, details: RefusalDetails) {
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
