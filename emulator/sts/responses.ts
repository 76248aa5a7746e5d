// The XML in which STS answers and refuses. Source: API Reference, "AssumeRoleWithWebIdentity", "Common Errors".
// Must not know why.
import type { EmulatorResponse } from '../server/message.ts';
import { type XmlMembers, xml } from './xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const TYPE = 'text/xml';

export interface StsError {
  status: number;
  code: string;
  message: string;
  /** More precise than the message; without it the journal shows the code. */
  reason?: string;
}

export function stsResult(action: string, result: XmlMembers, requestId: string): EmulatorResponse {
  const members = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xml(200, TYPE, { root: `${action}Response`, namespace: NAMESPACE, members });
}

export function stsError({ status, code, message, reason }: StsError, requestId: string): EmulatorResponse {
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message };
  const members = { Error: error, RequestId: requestId };
  return {
    ...xml(status, TYPE, { root: 'ErrorResponse', namespace: NAMESPACE, members }),
    reason: reason === undefined ? code : `${code}: ${reason}`,
  };
}
