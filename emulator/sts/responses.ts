// XML responses of STS. Source: STS API Reference, "AssumeRoleWithWebIdentity", "Common Errors".
import { type AwsError, type XmlMembers, xml } from '../server/aws-xml.ts';
import type { EmulatorResponse } from '../server/message.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const TYPE = 'text/xml';

export function stsResult(action: string, result: XmlMembers, requestId: string): EmulatorResponse {
  const members = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xml(200, TYPE, { root: `${action}Response`, namespace: NAMESPACE, members });
}

export function stsErrorResponse(error: AwsError, requestId: string): EmulatorResponse {
  const { status, code, message, reason } = error;
  const type = status < 500 ? 'Sender' : 'Receiver';
  const members = { Error: { Type: type, Code: code, Message: message }, RequestId: requestId };
  return { ...xml(status, TYPE, { root: 'ErrorResponse', namespace: NAMESPACE, members }), reason };
}
