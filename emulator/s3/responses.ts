// XML responses of S3. Source: Amazon S3 API Reference, "Error responses".
import { AwsError, type XmlMembers, xml } from '../server/aws-xml.ts';
import type { EmulatorResponse } from '../server/message.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const TYPE = 'application/xml';

export function s3Result(root: string, members: XmlMembers): EmulatorResponse {
  return xml(200, TYPE, { root, namespace: NAMESPACE, members });
}

export function s3ErrorResponse(error: AwsError, requestId: string): EmulatorResponse {
  const { status, code, message, reason } = error;
  const members = { Code: code, Message: message, RequestId: requestId, HostId: requestId };
  return { ...xml(status, TYPE, { root: 'Error', members }), reason };
}

export function methodNotAllowed(): AwsError {
  return new AwsError(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}
