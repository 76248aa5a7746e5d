// Requests the token that signs the exchange in place of a client secret. Loaded only for a `client-auth` that needs it.
import { explainFailure, explainTransport } from '../diagnosis/service-failure.ts';
import { ActionError, type Snippet, titled } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import type { SignerKind } from '../inputs/client-credentials.ts';
import { parseIdToken } from '../oci/id-token.ts';
import {
  IDENTITY_PATHS,
  type InstanceIdentity,
  instanceTokenRequest,
  METADATA_URL,
  metadataRequest,
  noInstance,
  processIdentityResponses,
  processInstanceTokenResponse,
  processRegionResponse,
  REGION_PATH,
} from '../oci/instance-principal.ts';
import { generateSessionKeyPair, type KeyPair } from '../oci/key-pair.ts';
import {
  processWorkloadTokenResponse,
  unavailable,
  workloadPlace,
  workloadTokenRequest,
} from '../oci/oke-workload-identity.ts';
import { CLOCK_TOLERANCE_MS } from '../oci/request-signature.ts';
import type { Signer } from '../oci/token-endpoint.ts';
import type {
  Environment,
  Files,
  HttpRequest,
  HttpResponse,
  RetriedCall,
  SendOptions,
  StepDeps,
} from '../ports.ts';
import { isJwt } from '../response.ts';
import { Secret } from '../secret.ts';

export interface SignerDeps extends StepDeps {
  env: Environment;
  files: Pick<Files, 'read' | 'realPath'>;
}

/** On a machine that is no OCI instance, the login must fail soon. An instance responds within milliseconds. */
const METADATA_MS = 1500;
/** For every other request of this module. */
const TIMEOUT_MS = 5000;

/**
 * Requests a token of this machine, with a key pair of its own. Both stay in memory, and are masked.
 * @throws ActionError INSTANCE_METADATA_UNREACHABLE, INSTANCE_PRINCIPAL_UNAVAILABLE, OKE_WORKLOAD_IDENTITY_UNAVAILABLE,
 *   TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED
 */
export async function requestSigner(deps: SignerDeps, kind: SignerKind): Promise<Signer> {
  const { runner } = deps;
  const keyPair = generateSessionKeyPair();
  keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled
  const isInstance = kind === 'instance-principal';
  const token = await (isInstance ? requestInstanceToken : requestWorkloadToken)(deps, keyPair);
  const { privateKeyPem } = await keyPair;
  for (const secret of [token, privateKeyPem]) runner.mask(secret);
  const facts = factsOf(token);
  return {
    kind,
    token,
    privateKeyPem,
    facts,
    snippets: isInstance ? [instancePolicy(facts)] : [],
  };
}

async function requestInstanceToken(deps: SignerDeps, keyPair: Promise<KeyPair>): Promise<Secret> {
  const { http, clock, runner } = deps;
  const service = processRegionResponse(await metadata(deps, REGION_PATH, METADATA_MS));
  const parts = IDENTITY_PATHS.map((path) => metadata(deps, path, TIMEOUT_MS));
  const identity = processIdentityResponses(await Promise.all(parts));
  runner.mask(identity.privateKeyPem);
  const publicKey = await keyPair;
  const action = "Requesting the instance's token";
  try {
    const { response } = await http.retry({ label: "the instance's token" }, async () => {
      const request = instanceTokenRequest(service, identity, publicKey, clock.now());
      return { response: await http.send(request, { timeoutMs: TIMEOUT_MS }) };
    });
    return processInstanceTokenResponse(response);
  } catch (error) {
    throw await explainFailure(error, 'instance', action, (refusal) =>
      explainRefusal(refusal, identity, clock.now()),
    );
  }
}

/**
 * Metadata services of other clouds have the same address and refuse the request. Retries only after a response: without one,
 * this machine is not an instance.
 */
function metadata(deps: SignerDeps, path: string, timeoutMs: number): Promise<HttpResponse> {
  const mayRepeat = (failure: HttpResponse | TransportError) => !(failure instanceof TransportError);
  const call = { label: "the instance's metadata", mayRepeat };
  const options = { timeoutMs, direct: {} };
  return sendNearby(deps, call, metadataRequest(baseOf(deps.env), path), options, noInstance);
}

/** Sends a request to a service of this machine, or of its cluster. @param explain why there was no response, for a message */
async function sendNearby(
  { http }: SignerDeps,
  call: RetriedCall,
  request: HttpRequest,
  options: SendOptions,
  explain: (reason: string) => ActionError,
): Promise<HttpResponse> {
  try {
    const { response } = await http.retry(call, async () => ({
      response: await http.send(request, options),
    }));
    return response;
  } catch (error) {
    if (!(error instanceof TransportError) || error.outOfTime)
      throw explainTransport(error, 'instance', `Requesting ${call.label}`);
    throw explain(error.message);
  }
}

function baseOf(env: Environment): string {
  const base = env('OCI_METADATA_BASE_URL') || METADATA_URL;
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base;
  const remedy = `Remove the variable, or set it to an address such as ${METADATA_URL}.`;
  const message = 'OCI_METADATA_BASE_URL is no http:// address.';
  throw new ActionError('INSTANCE_METADATA_UNREACHABLE', message, { remedy });
}

function explainRefusal(
  { status, text, requestId, serverTime }: ServiceRefusal,
  { tenancy }: InstanceIdentity,
  now: number,
): ActionError {
  const message = `OCI refused to issue a token for this instance (${status}): ${text || 'no reason given'}.`;
  const skew = Math.abs(now - (serverTime ?? now));
  const code =
    status === 401 && skew > CLOCK_TOLERANCE_MS ? 'OCI_CLOCK_SKEWED' : 'INSTANCE_PRINCIPAL_UNAVAILABLE';
  return titled(code, message, { status, requestId, facts: { tenancy } });
}

async function requestWorkloadToken(deps: SignerDeps, keyPair: Promise<KeyPair>): Promise<Secret> {
  const { env, runner } = deps;
  const { url, tokenFile, caFile } = workloadPlace(env);
  const [accountJwt, ca] = [readText(deps, tokenFile).trim(), readText(deps, caFile)];
  if (!isJwt(accountJwt)) throw unavailable(`${tokenFile} contains no JWT`);
  // For an empty text, Node would trust its own certificate authorities.
  if (!ca.includes('BEGIN CERTIFICATE')) throw unavailable(`${caFile} contains no certificate`);
  const accountToken = new Secret(accountJwt);
  runner.mask(accountToken);
  const request = workloadTokenRequest(url, accountToken, await keyPair);
  const options = { timeoutMs: TIMEOUT_MS, direct: { ca } };
  // Another Kubernetes may drop packets to this port.
  const mayRepeat = (failure: HttpResponse | TransportError) =>
    !(failure instanceof TransportError) || failure.failure !== 'timed-out';
  const call = { label: "the pod's token", mayRepeat };
  const response = await sendNearby(deps, call, request, options, (reason) =>
    unavailable(`OKE sent no token for this pod: ${reason}`),
  );
  return processWorkloadTokenResponse(response);
}

/** Kubernetes replaces these files by changing a link. */
function readText({ files }: SignerDeps, file: string): string {
  const real = files.realPath(file);
  const content = real === undefined ? undefined : files.read(real);
  if (content !== undefined) return Buffer.from(content).toString('utf8');
  throw unavailable(`There is no ${file}`);
}

/** The claims of both kinds of token that a policy, or the rule of a dynamic group, can name. */
const CLAIMS = /^(opc-(instance|compartment|tenant)|res_tenant|namespace|service_account|cluster_id)$/;
/** An OCID or a name of Kubernetes: a quote would change the policy that a message shows. */
const NAME = /^[\w.-]{1,255}$/;

function factsOf(token: Secret): Record<string, string> {
  const claims = Object.entries(parseIdToken(token)?.claims ?? {}); // a JWT like any other
  return Object.fromEntries(claims.filter(([name, value]) => CLAIMS.test(name) && NAME.test(value)));
}

function instancePolicy({
  'opc-compartment': compartment = '<OCID of the compartment>',
}: Signer['facts']): Snippet {
  return {
    title: 'A rule of a dynamic group, and a policy, for the instances of this compartment',
    language: 'text',
    text: [
      `Any {instance.compartment.id = '${compartment}'}`,
      "Allow dynamic-group '<domain>'/'<dynamic group>' to {GET_RPST} in tenancy",
    ].join('\n'),
    isFolded: false,
  };
}
