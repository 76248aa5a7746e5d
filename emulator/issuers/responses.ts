// How the endpoints of CI systems refuse a job that requests a token.
import { type EmulatorResponse, json, noContent } from '../server/message.ts';
import {
  confirmed,
  invented,
  type Refusal,
  RefusedRequest,
  reported,
  serviceError,
} from '../server/refusal.ts';
import type { World } from '../server/world.ts';

const ADO_ISSUE = 'issue MicrosoftDocs/vsts-rest-api-specs#709';
const AGENT = 'text: none; status: the source of buildkite/agent, which does not retry it';

export const FORGEJO_REFUSALS = {
  noBearer: invented(401, '', 'a bearer token is required', 'none'),
  wrongBearer: invented(401, '', 'the bearer token is not that of this job', 'none'),
  wrongMethod: invented(405, '', 'only GET is supported', 'none'),
  notFound: invented(404, '', 'no such resource', 'none'),
};

export const AZURE_DEVOPS_REFUSALS = {
  signIn: reported(
    302,
    '',
    '',
    'public reports of clients without `X-TFS-FedAuthRedirect: Suppress`, which are led to a sign-in page',
  ),
  unauthorized: reported(401, '', '', ADO_ISSUE),
  unknownConnection: reported(
    404,
    'ServiceEndpointNotFoundException',
    'The service connection could not be found or is not referenced by a task of this stage.',
    ADO_ISSUE,
  ),
  noApiVersion: confirmed(
    400,
    'VssVersionNotSpecifiedException',
    'No api-version was supplied for the "{method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").',
    'Azure DevOps REST API reference, "API and TFS version mapping"',
  ),
  wrongMethod: reported(
    405,
    'VssRequestContentTypeNotSupportedException',
    "The requested resource does not support http method '{method}'.",
    'public reports of other calls of the API',
  ),
};

export const BUILDKITE_REFUSALS = {
  unauthorized: invented(401, '', 'Unauthorized', AGENT),
  invalidLifetime: invented(422, '', 'lifetime is too long', AGENT),
  notFound: invented(404, '', 'no such job', 'none'),
};

export const CIRCLECI_REFUSALS = {
  unauthorized: invented(401, '', 'Unauthorized', 'none'),
  invalidClaims: invented(
    400,
    '',
    'only the claim aud can be customized',
    'text: none; the rule: CircleCI docs',
  ),
  notFound: invented(404, '', 'no such job', 'none'),
};

/** Of an issuer's public documents. */
export const DOCUMENT_REFUSALS = {
  notFound: invented(404, '', 'no such resource', 'none'),
  unavailable: invented(503, '', 'The service is unavailable.', 'none'),
};

type Values = Readonly<Record<string, string>>;

/** `{"message": …}`, as Forgejo, Buildkite and CircleCI write errors; Azure DevOps adds `typeKey`. */
export function ciError(refusal: Refusal, world: World, values: Values = {}): EmulatorResponse {
  const { status, code, text } = serviceError(new RefusedRequest(refusal, undefined, values), world);
  const reason = refusal.text || `status ${status}`;
  if (status === 302)
    return { ...noContent(302, { Location: 'https://spsprodeus1.vssps.visualstudio.com/_signin' }), reason };
  if (text === '') return { ...noContent(status), reason };
  return { ...json(status, { message: text, ...(code === '' ? {} : { typeKey: code }) }), reason };
}
