// How the SCIM API of an identity domain refuses. Sources: RFC 7644 section 3.12; "Response Codes" of identity domains.
import { type EmulatorResponse, json } from '../server/message.ts';
import {
  confirmed,
  invented,
  type Refusal,
  RefusedRequest,
  reported,
  type ServiceError,
  serviceError,
} from '../server/refusal.ts';
import type { World } from '../server/world.ts';

const SCIM = 'text: none; format: RFC 7644 section 3.12';
const STATUS_ONLY = 'text: none; status: "Response Codes" of identity domains';
const SCHEMA = 'text: none; the rule: attribute properties in the SDKs';
const OPEN = 'none; whether a domain refuses this is unknown';
const validation = (id: string) => `error.common.validation.${id}`;

/** `code` is the `messageId`. */
export const REFUSALS = {
  missingAttribute: confirmed(
    400,
    validation('missingReqAttributes'),
    'Missing required attribute(s): {names}.',
    '"REST response body" of identity domains',
  ),
  invalidReference: reported(
    400,
    validation('invalidReferenceResource'),
    '{path} references a resource {id} that does not exist.',
    'messageId: documented; text: none',
  ),
  tooLong: reported(
    400,
    validation('stringExceedsMaxLimit'),
    'The value of {path} exceeds the maximum length.',
    'messageId: public report of an OCID in a rule; text: none',
  ),
  emailMissing: reported(
    400,
    'error.identity.user.primaryEmailNotSpecified',
    'A primary email is required.',
    'messageId: public report; text: none',
  ),
  duplicate: invented(409, validation('uniqueness'), '{path} {value} is already in use.', STATUS_ONLY),
  sameIssuer: reported(
    409,
    'error.ssocommon.identityPropagationTrust.sameIssuer',
    'Identity propagation trust with same issuer already exists.',
    'the words "same issuer already exists": two public reports; status and messageId: none',
  ),
  staleVersion: reported(
    412,
    'error.common.common.preconditionFailed',
    'The resource was modified since it was read.',
    'status: public reports of Terraform; docs name 409 too',
  ),
  invalidFilter: invented(400, 'error.common.filter.invalid', 'The filter is invalid.', SCIM),
  notSearchable: invented(400, 'error.common.filter.notSearchable', '{name} is not searchable.', SCHEMA),
  invalidPath: invented(400, 'error.common.patch.invalidPath', 'The path {path} is invalid.', SCIM),
  unknownAttribute: invented(400, validation('unknownAttribute'), '{name} is not an attribute.', OPEN),
  readOnly: invented(400, validation('readOnly'), '{path} is read-only.', SCHEMA),
  immutable: invented(400, validation('immutable'), '{path} cannot be changed.', SCHEMA),
  malformed: invented(400, 'error.common.request.malformed', 'The request is malformed.', SCIM),
  wrongMediaType: confirmed(415, '', 'Unsupported Media Type', '"Response Codes" of identity domains'),
  emptyClaimValues: invented(
    400,
    validation('clientClaimValues'),
    'clientClaimValues must not be empty.',
    'text: none; the rule: tests of the provider for Terraform',
  ),
  tooManyRules: invented(400, validation('maxSize'), 'impersonationServiceUsers has too many values.', OPEN),
  matchingRule: invented(
    400,
    'error.identity.dynamicResourceGroup.matchingRule',
    'The matching rule is invalid.',
    'text: none; the rule: "Writing Matching Rules to Define Dynamic Groups"',
  ),
  unreachableKeys: invented(
    400,
    validation('publicKeyEndpoint'),
    'publicKeyEndpoint does not respond.',
    'text: none; the rule: examples of the provider for Terraform',
  ),
  addRefused: invented(
    400,
    'error.common.patch.addNotSupported',
    'The operation add is not supported.',
    OPEN,
  ),
  removeRefused: invented(400, 'error.common.patch.filter', 'The path of the operation has a filter.', OPEN),
  appStillActive: reported(
    400,
    'error.apps.app.active',
    'An active application cannot be deleted.',
    'the rule: issues of the provider for Terraform; text: none',
  ),
  userInRule: reported(
    400,
    'error.identity.user.referenced',
    'The user is referenced by an identity propagation trust.',
    'the rule: public reports; text: none',
  ),
  appLimit: invented(400, 'error.apps.limit', 'The limit of {limit} applications is reached.', OPEN),
  clientIdRefused: invented(400, 'error.apps.app.name', 'name cannot be chosen.', OPEN),
  externalIdRefused: invented(400, 'error.identity.user.externalId', 'externalId cannot be set.', OPEN),
  notAuthenticated: invented(401, 'error.common.common.unauthorized', 'Authentication is required.', SCIM),
  forbidden: invented(
    403,
    'error.common.common.forbidden',
    'You are not authorized to do this.',
    STATUS_ONLY,
  ),
  notFound: invented(404, 'error.common.common.resourceNotFound', 'Resource not found.', SCIM),
  wrongScimMethod: invented(405, '', 'Method not allowed.', SCIM),
  keysNotPublic: invented(401, '', 'You must be authenticated to access this resource.', SCIM),
  tooManyRequests: invented(429, '', 'Too many requests.', `${SCIM}; status: "API Rate Limits"`),
} satisfies Record<string, Refusal>;

const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
const ERROR_EXTENSION = 'urn:ietf:params:scim:api:oracle:idcs:extension:messages:Error';

export function refuse(
  name: keyof typeof REFUSALS,
  reason: string,
  values: Readonly<Record<string, string | number>> = {},
): RefusedRequest {
  return new RefusedRequest(REFUSALS[name], reason, values);
}

/** For statuses on which sources disagree: the settings choose the status. */
export function refuseAs(
  status: number,
  name: keyof typeof REFUSALS,
  reason: string,
  values: Readonly<Record<string, string | number>> = {},
): RefusedRequest {
  return new RefusedRequest({ ...REFUSALS[name], status }, reason, values);
}

/** For a refusal that is not thrown. */
export function scimError(name: keyof typeof REFUSALS, reason: string, world: World): EmulatorResponse {
  return scimErrorResponse(serviceError(refuse(name, reason), world));
}

/** Section 3.12, with Oracle's extension where the refusal has a `messageId`. `status` is a string. */
export function scimErrorResponse({ status, code, text, reason }: ServiceError): EmulatorResponse {
  const extension = code === '' ? {} : { [ERROR_EXTENSION]: { messageId: code } };
  const schemas = [ERROR_SCHEMA, ...Object.keys(extension)];
  const body = { schemas, status: String(status), detail: text, ...extension };
  return { ...json(status, body), reason: reason ?? code };
}
