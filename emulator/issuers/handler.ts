// What an issuer serves: its discovery document, its keys, and the endpoint where a job, or its agent, requests tokens.
import { type EmulatorRequest, type EmulatorResponse, json, pathOf } from '../server/message.ts';
import { AZURE_TOKEN_PATH } from './azure-devops.ts';
import { BUILDKITE_TOKEN_PATH } from './buildkite.ts';
import { CIRCLECI_TOKEN_PATH } from './circleci.ts';
import { FORGEJO_TOKEN_PATH } from './forgejo.ts';
import type { Issuer } from './issuer.ts';
import { ciError, DOCUMENT_REFUSALS } from './responses.ts';
import { SYSTEMS } from './systems.ts';
import { azureToken, buildkiteToken, circleciToken, forgejoToken } from './token-endpoints.ts';

type Endpoint = (request: EmulatorRequest, issuer: Issuer) => Promise<EmulatorResponse>;

/** The systems whose jobs request tokens. The others set variables and files before the job begins. */
const ENDPOINTS: Partial<Record<Issuer['system'], { path: string; endpoint: Endpoint }>> = {
  forgejo: { path: FORGEJO_TOKEN_PATH, endpoint: forgejoToken },
  'azure-devops': { path: AZURE_TOKEN_PATH, endpoint: azureToken },
  buildkite: { path: BUILDKITE_TOKEN_PATH, endpoint: buildkiteToken },
  circleci: { path: CIRCLECI_TOKEN_PATH, endpoint: circleciToken },
};

export async function handleIssuer(request: EmulatorRequest, issuer: Issuer): Promise<EmulatorResponse> {
  const path = pathOf(request);
  const requested = ENDPOINTS[issuer.system];
  if (path === requested?.path) return requested.endpoint(request, issuer);
  if (!issuer.isPublic) return ciError(DOCUMENT_REFUSALS.unavailable, issuer.world);
  switch (`${issuer.origin}${path}`) {
    case `${issuer.url}/.well-known/openid-configuration`:
      return json(200, discovery(issuer));
    case issuer.keysUrl:
      return json(200, { keys: issuer.keys });
    default:
      return ciError(DOCUMENT_REFUSALS.notFound, issuer.world);
  }
}

function discovery({ url, keysUrl, system, form, origin }: Issuer) {
  return {
    issuer: url,
    jwks_uri: keysUrl,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: [
      'sub',
      'aud',
      'exp',
      'iat',
      'iss',
      ...Object.keys(SYSTEMS[system].claims(form, origin)),
    ],
  };
}
