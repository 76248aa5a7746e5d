// The XML in which S3 answers and refuses. Source: Amazon S3 API Reference, "Error responses".
// Must not know why.
import type { EmulatorResponse } from '../server/message.ts';
import { type XmlMembers, xml } from '../sts/xml.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const TYPE = 'application/xml';

export function s3Result(root: string, members: XmlMembers): EmulatorResponse {
  return xml(200, TYPE, { root, namespace: NAMESPACE, members });
}

export function s3Error(
  status: number,
  code: string,
  message: string,
  requestId: string,
  reason?: string,
): EmulatorResponse {
  const members = { Code: code, Message: message, RequestId: requestId, HostId: requestId };
  return {
    ...xml(status, TYPE, { root: 'Error', members }),
    reason: reason === undefined ? code : `${code}: ${reason}`,
  };
}

export function empty(status: number, headers: Record<string, string> = {}): EmulatorResponse {
  return { status, headers, body: Buffer.alloc(0) };
}
