// ID tokens of Azure DevOps: of a service connection, or of the pipeline itself.
import { expiryOf } from '../../src/github/id-token.ts';
import { isConfidential } from '../../src/inputs/parsers.ts';
import type { IdToken, IdTokenSource } from '../../src/oci/id-token.ts';
import type { Environment, HttpRequest, HttpResponse, StepDeps } from '../../src/ports.ts';
import {
  describeHtmlPage,
  describeStatus,
  isRetryableStatus,
  parseObject,
  quote,
  requestIdFrom,
  toText,
} from '../../src/response.ts';
import { Secret } from '../../src/secret.ts';
import { CI_SYSTEMS } from '../ci/systems.ts';
import type { CommandCode } from '../codes.ts';
import { transportError } from '../connect/refusal.ts';
import { CommandError } from '../failure.ts';
import { adviseOnToken } from './subjects.ts';
import { acceptToken } from './token.ts';

export interface AzureSpec {
  kind: 'azure-devops';
  url: URL;
  /** `System.AccessToken`, the credential of the job. */
  accessToken: Secret;
  /** Its ID. Undefined: the token is that of the pipeline. */
  serviceConnection: string | undefined;
}

const URL_VARIABLE = 'SYSTEM_OIDCREQUESTURI';
const TOKEN_VARIABLE = 'SYSTEM_ACCESSTOKEN';
const WHAT = 'Requesting the ID token of Azure DevOps';

/** @throws CommandError ID_TOKEN_MISSING */
export function azureSource(env: Environment, serviceConnection: string | undefined): IdTokenSource {
  const address = env(URL_VARIABLE) ?? '';
  if (!URL.canParse(address) || !isConfidential(new URL(address)))
    throw missing(
      `${URL_VARIABLE} is not set to an https:// address`,
      'Run the command in a job of Azure Pipelines, in a step of the agent.',
    );
  const accessToken = env(TOKEN_VARIABLE) ?? '';
  // Without the mapping, the variable is absent, or a script that expands it itself gets its name.
  if (!/^[\x21-\x7e]+$/.test(accessToken) || accessToken.startsWith('$('))
    throw missing(`${TOKEN_VARIABLE} is not set`, `Add ${CI_SYSTEMS['azure-devops'].setting}.`);
  return azureSourceFrom({
    kind: 'azure-devops',
    url: new URL(address),
    accessToken: new Secret(accessToken),
    serviceConnection,
  });
}

function missing(what: string, remedy: string): CommandError {
  return new CommandError('ID_TOKEN_MISSING', `Azure DevOps gave no ID token: ${what}.`, { remedy });
}

export function azureSourceFrom(spec: AzureSpec): IdTokenSource {
  return {
    issuer: CI_SYSTEMS['azure-devops'].name,
    supply: 'on-demand',
    endsAt: expiryOf(spec.accessToken),
    url: spec.url,
    spec,
    request: (deps) => requestToken(deps, spec),
    adviseOn: (claims) => adviseOnToken(claims, 'azure-devops'),
  };
}

async function requestToken(deps: StepDeps, spec: AzureSpec): Promise<IdToken> {
  const { http, runner } = deps;
  runner.mask(spec.accessToken);
  const request = azureRequest(spec);
  try {
    const { response } = await http.retry({ label: 'the ID token of Azure DevOps' }, async () => ({
      response: await http.send(request),
    }));
    return acceptToken(deps, processAzureResponse(response, spec), {
      place: 'The response of Azure DevOps',
      remedy: 'Check that no proxy responds in place of Azure DevOps.',
    });
  } catch (error) {
    throw transportError(error, SERVICE, WHAT, true);
  }
}

/** @see Oidctoken - Create (Azure DevOps REST API); `AzurePipelinesCredential` of Azure's SDKs for the redirect header */
function azureRequest({ url, accessToken, serviceConnection }: AzureSpec): HttpRequest {
  const complete = new URL(url);
  complete.searchParams.set('api-version', '7.1');
  if (serviceConnection !== undefined) complete.searchParams.set('serviceConnectionId', serviceConnection);
  return {
    method: 'POST',
    url: complete,
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${accessToken.reveal()}`,
      'content-length': '0',
      'content-type': 'application/json',
      // Otherwise a refusal is a redirect to a page for people.
      'x-tfs-fedauthredirect': 'Suppress',
    },
  };
}

/** @returns the text in `oidcToken`. @throws CommandError */
function processAzureResponse(response: HttpResponse, spec: AzureSpec): string {
  const { status, text, attempts } = response;
  const requestId = requestIdFrom(response, 'activityid', 'x-vss-e2eid');
  const members = parseObject(text) ?? {};
  const { oidcToken: token, message } = members;
  if (status === 200 && typeof token === 'string') return token;
  const fail = (code: CommandCode, what: string, remedy?: string) =>
    new CommandError(code, `${WHAT}: ${what}`, { status, requestId, ...(remedy && { remedy }) });
  const page = describeHtmlPage(response, 'Azure DevOps');
  if (page !== undefined) throw fail('RESPONSE_MALFORMED', page);
  const words = quote(toText(message), [spec.accessToken]);
  const details = `${attempts === undefined ? '' : ` (${attempts})`}${words && `: ${words}`}`;
  if (isRetryableStatus(status)) throw fail('SERVICE_UNREACHABLE', `it responded with ${status}${details}.`);
  if (status === 200) throw fail('RESPONSE_MALFORMED', 'its response has no `oidcToken`.');
  throw fail(
    'ID_TOKEN_REFUSED',
    `it responded with ${describeStatus(status)}${details}.`,
    adviceFor(status, spec),
  );
}

function adviceFor(status: number, { serviceConnection }: AzureSpec): string {
  if (status !== 401 && status !== 403 && status !== 302)
    return serviceConnection === undefined
      ? 'Name a service connection with `--azure-service-connection`.'
      : 'Check `--azure-service-connection`, and name the connection in a task of the same stage, such as AzureCLI@2: otherwise a job may not use it.';
  return `Check that the job still runs, and that the step has ${CI_SYSTEMS['azure-devops'].setting.replace(/ to the step$/, '')}.`;
}

const SERVICE = {
  name: 'Azure DevOps',
  hostOption: URL_VARIABLE,
  unauthorizedAdvice: '',
  reasonIn: () => ({}),
  explain: () => undefined,
};
