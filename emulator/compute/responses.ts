// How the metadata service of an instance and the federation service refuse.
// Sources: "Getting Instance Metadata"; "API Errors"; Azure, "Instance Metadata Service".
import { CODE_ONLY, COMMON_REFUSALS } from '../oci/api-errors.ts';
import { type EmulatorResponse, json } from '../server/message.ts';
import { confirmed, invented, refuserOf, reported, type ServiceError } from '../server/refusal.ts';

const METADATA = '"Getting Instance Metadata"';

export const METADATA_REFUSALS = {
  noAuthorization: invented(
    401,
    '',
    'The authorization header is missing or wrong.',
    `text: none; that such a request is rejected: ${METADATA}`,
  ),
  forwarded: invented(
    403,
    '',
    'A forwarded request is not allowed.',
    `text: none; that such a request is rejected: ${METADATA}`,
  ),
  noPath: invented(404, '', 'There is no such path.', 'text: none'),
  versionOne: invented(404, '', 'Version 1 is disabled.', `text: none; status: ${METADATA}`),
  method: invented(405, '', 'Only GET is supported.', 'text: none'),
  azure: confirmed(
    400,
    '',
    'Bad request. Required metadata header not specified',
    'Azure, "Instance Metadata Service"',
  ),
  internal: invented(500, '', 'An internal error occurred.', 'text: none'),
};

export const FEDERATION_REFUSALS = {
  notAuthenticated: reported(
    401,
    'NotAuthenticated',
    COMMON_REFUSALS.notAuthenticated.text,
    '"API Errors"; that the federation service says so too: assumed',
  ),
  notFound: COMMON_REFUSALS.notFound,
  invalid: COMMON_REFUSALS.invalid,
  body: COMMON_REFUSALS.body,
  mediaType: COMMON_REFUSALS.mediaType,
  missing: invented(400, 'MissingParameter', '{parameter} is missing.', CODE_ONLY),
  method: COMMON_REFUSALS.method,
  internal: COMMON_REFUSALS.internal,
};

export const refuseMetadata = refuserOf(METADATA_REFUSALS);
export const refuseFederation = refuserOf(FEDERATION_REFUSALS);

export function metadataError({ status, text, reason }: ServiceError): EmulatorResponse {
  return { ...json(status, { error: text }), reason: reason ?? text };
}
