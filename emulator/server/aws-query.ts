// What the services of AWS with a Query API have in common. Source: the pages "Common Errors" of their references.
import { type XmlMembers, xml } from './aws-xml.ts';
import type { EmulatorResponse } from './message.ts';
import { invented, reported, type ServiceError } from './refusal.ts';

const TYPE = 'text/xml';

/**
 * @param common the page "Common Errors" of the service
 * @param issues the other sources
 */
export function commonRefusals(common: string, issues: string) {
  return {
    unsigned: reported(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token', issues),
    malformedSignature: reported(
      400,
      'IncompleteSignature',
      'The request signature does not conform to AWS standards.',
      common,
    ),
    wrongScope: reported(
      403,
      'SignatureDoesNotMatch',
      'Credential should be scoped to a valid region.',
      issues,
    ),
    invalidClientToken: reported(
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      issues,
    ),
    expiredSession: reported(
      403,
      'ExpiredToken',
      'The security token included in the request is expired',
      issues,
    ),
    signatureMismatch: reported(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      issues,
    ),
    unknownAction: reported(
      400,
      'InvalidAction',
      'Could not find operation {action} for version {version}',
      issues,
    ),
    unavailable: invented(503, 'ServiceUnavailable', 'Service Unavailable', `text: none; code: ${common}`),
  };
}

/** The XML responses of a service. @param namespace of its API version */
export function awsResponses(namespace: string) {
  return {
    /** @param value undefined for an action without a result */
    result(action: string, value: XmlMembers | undefined, requestId: string): EmulatorResponse {
      const members = {
        ...(value === undefined ? {} : { [`${action}Result`]: value }),
        ResponseMetadata: { RequestId: requestId },
      };
      return xml(200, TYPE, { root: `${action}Response`, namespace, members });
    },
    error({ status, code, text, reason }: ServiceError, requestId: string): EmulatorResponse {
      const type = status < 500 ? 'Sender' : 'Receiver';
      const members = { Error: { Type: type, Code: code, Message: text }, RequestId: requestId };
      const response = xml(status, TYPE, { root: 'ErrorResponse', namespace, members });
      return { ...response, reason: reason === undefined ? code : `${code}: ${reason}` };
    },
  };
}
