// Workload identity: in an enhanced cluster, a proxy gives pods a session token of OCI for their service account token.
// Source: Oracle's SDKs for Go, Python and TypeScript. The claims of the token are assumed: no sample is public.
import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import { issueSessionToken } from '../domain/session-token.ts';
import { ociError } from '../oci/api-errors.ts';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  parseObject,
  pathOf,
  single,
  strictBase64,
} from '../server/message.ts';
import { RefusedRequest, serviceError } from '../server/refusal.ts';
import { type SigningKey, signingKey, type World } from '../server/world.ts';
import { clustersOf } from './clusters.ts';
import { refuseWorkload } from './responses.ts';
import type { Workload } from './settings.ts';

const PATH = '/resourcePrincipalSessionTokens';
/** Of a projected token: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin */
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';
const SERVICE_ACCOUNT_TOKEN_SECONDS = 3607;
const clusterKeys = new WeakMap<World, Promise<SigningKey>>();

export async function handleWorkload(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  try {
    return await issueToken(request, world);
  } catch (error) {
    if (error instanceof RefusedRequest) return ociError(serviceError(error, world));
    throw error;
  }
}

async function issueToken(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (pathOf(request) !== PATH) throw refuseWorkload('notFound', 'no such path');
  if (request.method !== 'POST') throw refuseWorkload('method', 'only POST is supported');
  const workload = await authenticate(request, world);
  if (!world.settings.enhancedClusters) throw refuseWorkload('basicCluster', 'not an enhanced cluster');
  const key = readPodKey(parseObject(request.body)?.['podKey']);
  const [cluster] = clustersOf(world);
  const token = await issueSessionToken(world, key, world.settings.workloadTokenLifetimeSeconds, {
    sub: `${cluster?.id}/${workload.namespace}/${workload.serviceAccount}`,
    ptype: 'workload',
    ttype: 'res',
    cluster_id: cluster?.id,
    namespace: workload.namespace,
    service_account: workload.serviceAccount,
    res_tenant: cluster?.tenancy,
    tenant: cluster?.tenancy,
  });
  world.secrets.add(token);
  const inner = Buffer.from(JSON.stringify({ token: `ST$${token}` })).toString('base64');
  // A JSON string, not an object: SDKs cut the quotes and decode the rest.
  return json(200, inner);
}

async function authenticate(request: EmulatorRequest, world: World): Promise<Workload> {
  const token = /^Bearer (\S+)$/.exec(single(request, 'authorization') ?? '')?.[1];
  if (token === undefined) throw refuseWorkload('unauthorized', 'no bearer token');
  world.secrets.add(token);
  const { publicKey } = await clusterKey(world);
  const options = { audience: AUDIENCE, currentDate: new Date(world.now()), requiredClaims: ['exp'] };
  await jwtVerify(token, publicKey, options).catch(() => {
    throw refuseWorkload('unauthorized', 'service account token cannot be verified');
  });
  const { 'kubernetes.io': claim } = decodeJwt<{
    'kubernetes.io': { namespace: string; serviceaccount: { name: string } };
  }>(token);
  return { namespace: claim.namespace, serviceAccount: claim.serviceaccount.name };
}

/** One line of base64, or PEM, which the SDK for Go sends. */
function readPodKey(value: unknown): KeyObject {
  const text = typeof value === 'string' ? value : '';
  try {
    const der = strictBase64(text);
    const key = createPublicKey(der ? { key: der, format: 'der', type: 'spki' } : text);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // As a key of another type.
  }
  throw refuseWorkload('body', 'podKey is no RSA public key');
}

/** The token that Kubernetes mounts into the pod of the settings. */
export async function issueServiceAccountToken(world: World): Promise<string> {
  const { namespace, serviceAccount } = world.settings.workload;
  const key = await clusterKey(world);
  const issued = Math.floor(world.now() / 1000);
  const claims = { namespace, serviceaccount: { name: serviceAccount }, pod: { name: 'runner-0' } };
  const token = await new SignJWT({
    iss: AUDIENCE,
    aud: [AUDIENCE],
    sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
    'kubernetes.io': claims,
    iat: issued,
    nbf: issued,
    exp: issued + SERVICE_ACCOUNT_TOKEN_SECONDS,
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid })
    .sign(key.privateKey);
  world.secrets.add(token);
  return token;
}

function clusterKey(world: World): Promise<SigningKey> {
  const made = clusterKeys.get(world) ?? signingKey('kubernetes');
  clusterKeys.set(world, made);
  return made;
}
