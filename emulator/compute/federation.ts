// The federation service of a region: exchanges the certificate of an instance for a session token of the instance.
// Source: X509FederationClient of Oracle's SDKs, which agree on the body and differ in keyId and signed headers.
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { MIN_MODULUS_BITS, parsePublicKey } from '../domain/public-key.ts';
import { issueSessionToken } from '../domain/session-token.ts';
import { respondAsOci } from '../oci/api-errors.ts';
import { readAuthorization, type Signature, signedRequestFault } from '../oci/request-signature.ts';
import {
  type EmulatorRequest,
  type EmulatorResponse,
  json,
  parseObject,
  pathOf,
  single,
  strictBase64,
} from '../server/message.ts';
import type { Handler } from '../server/server.ts';
import type { World } from '../server/world.ts';
import { instanceCertificates, subjectValue } from './certificates.ts';
import { refuseFederation as refuse } from './responses.ts';

const PATH = '/v1/x509';
/** The SDK for Go does not sign `host`; those for Java and TypeScript do. */
const RULES = { covered: ['(request-target)'], dates: ['date'] };

/** The parts of keyId: `<tenancy>/fed-x509-sha256/<fingerprint>`, or `fed-x509` with SHA-1. */
interface KeyId {
  tenancy: string;
  hash: 'sha1' | 'sha256';
  fingerprint: string;
}

interface Body {
  leaf: X509Certificate;
  intermediates: X509Certificate[];
  publicKey: KeyObject;
  fingerprintAlgorithm: unknown;
}

export const handleFederation: Handler = (request, world) => respondAsOci(request, world, respond);

async function respond(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  if (pathOf(request) !== PATH) throw refuse('notFound', 'no such path');
  if (request.method !== 'POST') throw refuse('method', 'only POST is supported');
  const signature = readAuthorization(single(request, 'authorization') ?? '');
  if (typeof signature === 'string') throw refuse('notAuthenticated', signature);
  const body = readBody(request);
  const reason =
    keyIdFault(signature, body) ??
    chainFault(body, world) ??
    signedRequestFault(request, signature, body.leaf.publicKey, world, RULES);
  if (reason !== undefined) throw refuse('notAuthenticated', reason);
  const token = await issueInstanceToken(body, world);
  world.secrets.add(token);
  return json(200, { token });
}

function readBody(request: EmulatorRequest): Body {
  if (!/^application\/json(\s*;|$)/i.test(single(request, 'content-type') ?? '')) throw refuse('mediaType');
  const members = parseObject(request.body);
  if (members === undefined) throw refuse('body');
  const { certificate, publicKey, intermediateCertificates = [], fingerprintAlgorithm } = members;
  if (!Array.isArray(intermediateCertificates)) throw invalid('intermediateCertificates', 'no list');
  return {
    leaf: readCertificate('certificate', certificate),
    intermediates: intermediateCertificates.map((one) => readCertificate('intermediateCertificates', one)),
    publicKey: readKey(publicKey),
    fingerprintAlgorithm,
  };
}

function invalid(parameter: string, reason: string) {
  return refuse('invalid', `${parameter}: ${reason}`, { parameter });
}

/** Every SDK removes armour and line breaks. */
function readDer(parameter: string, value: unknown): Buffer {
  if (value === undefined || value === '') {
    throw refuse('missing', `${parameter} is missing`, { parameter });
  }
  if (typeof value !== 'string') throw invalid(parameter, 'no string');
  if (value.includes('-----')) throw invalid(parameter, 'has PEM armor');
  if (/\s/.test(value)) throw invalid(parameter, 'has spaces or line breaks');
  const der = strictBase64(value);
  if (!der) throw invalid(parameter, 'is not standard base64');
  return der;
}

function readCertificate(parameter: string, value: unknown): X509Certificate {
  const der = readDer(parameter, value);
  try {
    return new X509Certificate(der);
  } catch {
    throw invalid(parameter, 'is no certificate');
  }
}

function readKey(value: unknown): KeyObject {
  const key = parsePublicKey(readDer('publicKey', value).toString('base64'));
  if (key?.asymmetricKeyType !== 'rsa') throw invalid('publicKey', 'is no SubjectPublicKeyInfo of RSA');
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_MODULUS_BITS) throw invalid('publicKey', 'is too small');
  return key;
}

function readKeyId(keyId: string): KeyId | undefined {
  const [, tenancy, suffix, fingerprint] = /^([^/]+)\/fed-x509(-sha256)?\/([^/]+)$/.exec(keyId) ?? [];
  return tenancy === undefined || fingerprint === undefined
    ? undefined
    : { tenancy, hash: suffix === undefined ? 'sha1' : 'sha256', fingerprint };
}

/** The fingerprint is that of the certificate in the body, whose subject names the tenancy. */
function keyIdFault(signature: Signature, { leaf, fingerprintAlgorithm }: Body): string | undefined {
  const keyId = readKeyId(signature.keyId);
  if (keyId === undefined) return 'keyId: not <tenancy>/fed-x509-sha256/<fingerprint>';
  if (keyId.hash === 'sha256' && fingerprintAlgorithm !== 'SHA256') {
    return 'keyId: fingerprintAlgorithm is not SHA256';
  }
  const digest = createHash(keyId.hash).update(leaf.raw).digest('hex');
  const expected = digest.replaceAll(/(..)(?!$)/g, '$1:');
  // The SDK for Python writes SHA-1 in capital letters, the one for TypeScript in small ones.
  const given = keyId.hash === 'sha1' ? keyId.fingerprint.toLowerCase() : keyId.fingerprint;
  if (given !== expected) return 'keyId: fingerprint is not that of the certificate';
  const tenancy = subjectValue(leaf, 'opc-tenant') ?? subjectValue(leaf, 'opc-identity');
  return keyId.tenancy === tenancy ? undefined : 'keyId: tenancy is not that of the certificate';
}

function chainFault({ leaf, intermediates }: Body, world: World): string | undefined {
  const [intermediate] = intermediates;
  if (intermediate === undefined) return 'chain: intermediate certificate is missing';
  const root = new X509Certificate(instanceCertificates(world).root);
  if (!isIssuedBy(leaf, intermediate)) return 'chain: leaf is not issued by the intermediate certificate';
  if (!isIssuedBy(intermediate, root)) return 'chain: intermediate certificate is not issued by the root';
  const now = world.now();
  if ([leaf, intermediate].some(({ validFromDate }) => validFromDate.getTime() > now)) {
    return 'validity: not yet valid';
  }
  return [leaf, intermediate].some(({ validToDate }) => validToDate.getTime() < now)
    ? 'validity: expired'
    : undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function issueInstanceToken({ leaf, publicKey }: Body, world: World): Promise<string> {
  const id = subjectValue(leaf, 'opc-instance') ?? '';
  const tenant = subjectValue(leaf, 'opc-tenant') ?? subjectValue(leaf, 'opc-identity') ?? '';
  return issueSessionToken(world, publicKey, world.settings.instanceTokenLifetimeSeconds, {
    sub: id,
    ptype: 'instance',
    ttype: 'x509',
    'opc-certtype': 'instance',
    'opc-instance': id,
    'opc-compartment': subjectValue(leaf, 'opc-compartment') ?? '',
    'opc-tenant': tenant,
    tenant,
    fprint: leaf.fingerprint256,
  });
}
