// XML responses of STS. Source: STS API Reference, "AssumeRoleWithWebIdentity", "Common Errors".
import type { EmulatorResponse } from '../server/message.ts';
import { type XmlMembers, xml } from '../server/xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const TYPE = 'text/xml';

/** Thrown while a request is processed. The journal has the code, and the reason where it says more. */
export class StsError extends Error {
  readonly status: number;
  readonly code: string;
  readonly reason: string | undefined;

  constructor(status: number, code: string, message: string, reason?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.reason = reason;
  }
}

export function stsResult(action: string, result: XmlMembers, requestId: string): EmulatorResponse {
  const members = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xml(200, TYPE, { root: `${action}Response`, namespace: NAMESPACE, members });
}

export function stsErrorResponse(error: StsError, requestId: string): EmulatorResponse {
  const { status, code, message, reason } = error;
  const members = {
    Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
    RequestId: requestId,
  };
  return {
    ...xml(status, TYPE, { root: 'ErrorResponse', namespace: NAMESPACE, members }),
    reason: reason === undefined ? code : `${code}: ${reason}`,
  };
}
