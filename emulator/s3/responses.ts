// XML responses of S3. Source: Amazon S3 API Reference, "Error responses".
import type { EmulatorResponse } from '../server/message.ts';
import { type XmlMembers, xml } from '../server/xml.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const TYPE = 'application/xml';

/** Thrown while a request is processed. The journal has the code, and the reason where it says more. */
export class S3Error extends Error {
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

export function methodNotAllowed(): S3Error {
  return new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}

export function s3Result(root: string, members: XmlMembers): EmulatorResponse {
  return xml(200, TYPE, { root, namespace: NAMESPACE, members });
}

export function s3ErrorResponse(error: S3Error, requestId: string): EmulatorResponse {
  const { status, code, message, reason } = error;
  const members = { Code: code, Message: message, RequestId: requestId, HostId: requestId };
  return {
    ...xml(status, TYPE, { root: 'Error', members }),
    reason: reason === undefined ? code : `${code}: ${reason}`,
  };
}
