// Requests the token that signs the exchange in place of a client secret. Loaded only for a `client-auth` that needs it.
import { explainFailure, explainTransport } from '../diagnosis/service-failure.ts';
import { ActionError, type Snippet } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import type { SignerKind } from '../inputs/client-credentials.ts';
import { claimsOf } from '../oci/claims.ts';
import {
  type InstanceIdentity,
  instanceTokenRequest,
  METADATA,
  METADATA_URL,
  metadataRequest,
  processIdentityResponses,
  processInstanceTokenResponse,
  processRegionResponse,
} from '../oci/instance-principal.ts';
import { generateSessionKeyPair, type KeyPair } from '../oci/key-pair.ts';
import {
  processWorkloadTokenResponse,
  unavailable,
  workloadPlace,
  workloadTokenRequest,
} from '../oci/oke-workload-identity.ts';
import { adviseOnClock } from '../oci/session-advice.ts';
import type { Signer } from '../oci/token-endpoint.ts';
import type { Environment, Files, HttpRequest, HttpResponse, StepDeps } from '../ports.ts';
import { isPrintable } from '../response.ts';
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
    snippets: [isInstance ? instancePolicy(facts) : WORKLOAD_POLICY],
  };
}

async function requestInstanceToken(deps: SignerDeps, keyPair: Promise<KeyPair>): Promise<Secret> {
  const { http, clock, runner } = deps;
  const service = processRegionResponse(await metadata(deps, METADATA.region, METADATA_MS));
  const [certificate, privateKey, intermediate] = await Promise.all(
    [METADATA.certificate, METADATA.privateKey, METADATA.intermediate].map((path) =>
      metadata(deps, path, TIMEOUT_MS),
    ),
  );
  const identity = processIdentityResponses({ certificate, privateKey, intermediate } as IdentityResponses);
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

type IdentityResponses = Parameters<typeof processIdentityResponses>[0];

/**
 * Other clouds have metadata services at the same address, which refuse the request. Without any response, this machine is
 * no instance, so only a response is repeated.
 */
async function metadata({ http, env }: SignerDeps, path: string, timeoutMs: number): Promise<HttpResponse> {
  const request = metadataRequest(baseOf(env), path);
  const mayRepeat = (failure: HttpResponse | TransportError) => !(failure instanceof TransportError);
  try {
    const { response } = await http.retry({ label: "the instance's metadata", mayRepeat }, async () => ({
      response: await http.send(request, { timeoutMs, direct: {} }),
    }));
    return response;
  } catch (error) {
    if (!(error instanceof TransportError) || error.outOfTime)
      throw explainTransport(error, 'instance', "Reading the instance's metadata");
    throw new ActionError(
      'INSTANCE_METADATA_UNREACHABLE',
      `This machine is no OCI instance: ${error.message}.`,
    );
  }
}

function baseOf(env: Environment): string {
  const base = env('OCI_METADATA_BASE_URL') || METADATA_URL;
  if (/^https?:\/\//.test(base) && URL.canParse(base)) return base;
  throw new ActionError(
    'INSTANCE_METADATA_UNREACHABLE',
    'OCI_METADATA_BASE_URL is set, but is no http:// address.',
  );
}

function explainRefusal(
  { status, text, requestId, serverTime }: ServiceRefusal,
  { tenancy, certificate }: InstanceIdentity,
  now: number,
): ActionError {
  const message = `OCI refused to issue a token for this instance (${status}): ${text || 'no reason given'}.`;
  const clock = adviseOnClock(now, serverTime);
  const facts = { tenancy, 'certificate valid until': certificate.validTo };
  const whole = clock === undefined ? message : `${message} ${clock}`;
  return new ActionError('INSTANCE_PRINCIPAL_UNAVAILABLE', whole, { status, requestId, facts });
}

async function requestWorkloadToken(deps: SignerDeps, keyPair: Promise<KeyPair>): Promise<Secret> {
  const { http, env, runner } = deps;
  const { url, tokenFile, caFile } = workloadPlace(env);
  const [accountToken, ca] = [new Secret(readText(deps, tokenFile).trim()), readText(deps, caFile)];
  runner.mask(accountToken);
  const request: HttpRequest = workloadTokenRequest(url, accountToken, await keyPair);
  try {
    const { response } = await http.retry({ label: "the pod's token" }, async () => ({
      response: await http.send(request, { timeoutMs: TIMEOUT_MS, direct: { ca } }),
    }));
    return processWorkloadTokenResponse(response);
  } catch (error) {
    if (!(error instanceof TransportError) || error.outOfTime)
      throw explainTransport(error, 'instance', "Requesting the pod's token");
    throw unavailable(`OKE sent no token for this pod: ${error.message}`);
  }
}

/** Kubernetes replaces these files by changing a link. */
function readText({ files }: SignerDeps, file: string): string {
  const real = files.realPath(file);
  const content = real === undefined ? undefined : files.read(real);
  if (content !== undefined) return Buffer.from(content).toString('utf8');
  throw unavailable(`There is no ${file}: this job does not run in a pod with a service account`);
}

/** The claims of both kinds of token that a policy, or the rule of a dynamic group, can name. */
const CLAIMS =
  /^(opc-(instance|compartment|tenant)|res_(type|tenant|id)|namespace|service_account|cluster_id)$/;

function factsOf(token: Secret): Record<string, string> {
  const claims = Object.entries(claimsOf(token));
  const shown = claims.filter(
    (claim): claim is [string, string] => CLAIMS.test(claim[0]) && isPrintable(claim[1]),
  );
  return Object.fromEntries(shown);
}

function instancePolicy({
  'opc-compartment': compartment = '<OCID of the compartment>',
}: Signer['facts']): Snippet {
  return {
    title: 'A dynamic group and a policy that let the instances of this compartment exchange tokens',
    language: 'text',
    text: [
      `Any {instance.compartment.id = '${compartment}'}`,
      "Allow dynamic-group '<domain>'/'<dynamic group>' to {GET_RPST} in tenancy",
    ].join('\n'),
    isFolded: false,
  };
}

const WORKLOAD_POLICY: Snippet = {
  title: 'A policy that should let the pods of this service account exchange tokens',
  language: 'text',
  text: [
    "Allow any-user to {GET_RPST} in tenancy where all {request.principal.type = 'workload',",
    "  request.principal.cluster_id = '<OCID of the cluster>', request.principal.namespace = '<namespace>',",
    "  request.principal.service_account = '<service account>'}",
  ].join('\n'),
  isFolded: false,
};
