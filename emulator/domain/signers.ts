// Authenticates a caller of the token endpoint by the signature of its request, and decides what IAM's policies allow it.
// Sources: "Token Exchange Grant Type: Exchanging a Kerberos Token for a UPST", step 7; the manifest of the cloud controller manager.
import type { KeyObject } from 'node:crypto';
import { meetsConditions, type Variables } from '../iam/conditions.ts';
import {
  type Principal,
  readAuthorization,
  type SignatureRules,
  signatureFault,
  verifyRequest,
} from '../oci/request-signature.ts';
import { type EmulatorRequest, single } from '../server/message.ts';
import { RefusedRequest } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { parsePublicKey } from './public-key.ts';
import { REFUSALS, refuse } from './responses.ts';
import type { SignerKind } from './signer-settings.ts';

const RULES: SignatureRules = { covered: ['(request-target)', 'host'], dates: ['date'] };

/** @throws {RefusedRequest} */
export async function authenticateSigner(
  request: EmulatorRequest,
  form: URLSearchParams,
  world: World,
): Promise<Principal> {
  if (form.has('client_id') || form.has('client_secret')) {
    throw refuse('clientBesideSignature', 'client_id beside a signature');
  }
  const { exchangeAcceptsXDate, tenancy } = world.settings;
  const rules = exchangeAcceptsXDate ? { ...RULES, dates: ['date', 'x-date'] } : RULES;
  const result = await verifyRequest(request, world, rules);
  if (!result.ok) {
    const isNewKey = result.reason.startsWith('signature:') && isSignedWithNewKey(request, form);
    throw refuse(
      'signatureRejected',
      isNewKey ? 'signature: made with the key of public_key' : result.reason,
    );
  }
  if (!exchangeAcceptsXDate && signatureOf(request)?.names.includes('x-date')) {
    throw refuse('signatureRejected', 'coverage: x-date is signed');
  }
  const { principal } = result;
  if (principal.tenancy !== tenancy) throw refuse('foreignSigner', 'tenancy of the signer is another one');
  return principal;
}

/** Detects a client that confuses its two key pairs. */
function isSignedWithNewKey(request: EmulatorRequest, form: URLSearchParams): boolean {
  const signature = signatureOf(request);
  const key = parsePublicKey(form.get('public_key') ?? '');
  return (
    signature !== undefined && key !== undefined && signatureFault(request, signature, key) === undefined
  );
}

function signatureOf(request: EmulatorRequest) {
  const signature = readAuthorization(single(request, 'authorization') ?? '');
  return typeof signature === 'string' ? undefined : signature;
}

export function kindOf({ claims, isResource }: Principal): SignerKind {
  const { ptype } = claims;
  if (ptype === 'instance' || ptype === 'workload') return ptype;
  if (isResource) return 'resource';
  return ptype === undefined ? 'api-key' : 'user';
}

/** Whether a domain refuses this is unknown. No SDK does it. @throws {RefusedRequest} */
export function checkNewKey({ claims }: Principal, publicKey: KeyObject): void {
  const jwk: { n?: unknown } = Object(
    typeof claims['jwk'] === 'string' ? JSON.parse(claims['jwk']) : claims['jwk'],
  );
  if (jwk.n === publicKey.export({ format: 'jwk' }).n) {
    throw refuse('invalidPublicKey', 'public_key is the key of the signer');
  }
}

/** @throws {RefusedRequest} when no policy permits the signer to exchange tokens */
export function checkPermission(signer: Principal, requested: 'upst' | 'rpst', world: World): void {
  const { exchangeSigners, upstBySignature } = world.settings;
  const kind = kindOf(signer);
  if (!exchangeSigners.includes(kind)) throw denied(`signer is of the kind ${kind}`, world);
  if (requested === 'upst' && !upstBySignature) throw denied('no permission for a user session', world);
  if (!statementsOf(world).some((statement) => permits(statement, signer, world))) {
    throw denied('no policy with GET_RPST for the signer', world);
  }
}

function denied(reason: string, { settings }: World): RefusedRequest {
  return new RefusedRequest({ ...REFUSALS.signerDenied, status: settings.exchangeDenial.status }, reason);
}

function statementsOf({ settings, iam }: World): readonly string[] {
  if (!settings.untouchedDomain) return settings.exchangePolicies;
  return [...iam.policies.values()].flatMap(({ statements }) => statements);
}

const STATEMENT =
  /^\s*allow\s+(any-user|dynamic-group\s+.+?)\s+to\s+\{([^}]*)\}\s+in\s+tenancy(?:\s+where\s+(.+))?\s*$/is;

/** Statements about other verbs than this permission, or about a compartment, do not count. */
function permits(statement: string, signer: Principal, world: World): boolean {
  const [, subject, permissions, conditions] = STATEMENT.exec(statement) ?? [];
  if (subject === undefined || permissions === undefined) return false;
  const names = permissions.split(',').map((one) => one.trim());
  return (
    names.includes('GET_RPST') &&
    (/^any-user$/i.test(subject) || isInGroup(subject, signer, world)) &&
    (conditions === undefined || meetsConditions(conditions, variablesOf(signer)))
  );
}

/** `dynamic-group <domain>/<name>`, each with or without quotes, or `<name>` of the default domain. */
function isInGroup(subject: string, signer: Principal, world: World): boolean {
  const written = subject.replace(/^dynamic-group\s+/i, '').trim();
  const parts = written.split('/').map((part) => part.trim().replace(/^'(.*)'$/, '$1'));
  const [domain, name = ''] = parts.length === 2 ? parts : [world.settings.domainName, parts.join('/')];
  if (domain?.toLowerCase() !== world.settings.domainName.toLowerCase()) return false;
  const rule = dynamicGroupsOf(world)[name];
  return rule !== undefined && meetsConditions(rule, resourceOf(signer));
}

function dynamicGroupsOf({ settings, directory }: World): Readonly<Record<string, string>> {
  if (settings.untouchedDomain) {
    const groups = directory.all('DynamicResourceGroups');
    return Object.fromEntries(
      groups.map(({ displayName, matchingRule }) => [displayName, String(matchingRule)]),
    );
  }
  const { dynamicGroups, instance } = settings;
  return dynamicGroups ?? { runners: `All {instance.compartment.id = '${instance.compartmentId}'}` };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The variables of a matching rule. Only instances have them. */
function resourceOf({ claims }: Principal): Variables {
  return {
    'instance.id': textOf(claims['opc-instance']),
    'instance.compartment.id': textOf(claims['opc-compartment']),
  };
}

function variablesOf(signer: Principal): Variables {
  const { claims } = signer;
  return {
    'request.principal.type': kindOf(signer),
    'request.principal.cluster_id': textOf(claims['cluster_id']),
    'request.principal.namespace': textOf(claims['namespace']),
    'request.principal.service_account': textOf(claims['service_account']),
  };
}
