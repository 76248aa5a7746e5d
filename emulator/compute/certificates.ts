// The certificates of an instance: a root that only the federation service knows, an intermediate, and a leaf with a key.
// Source: "Calling Services from an Instance"; the subject: tests of Oracle's SDK for Go.
import type { X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { certificate, type KeyPair, keyPair } from '../server/certificates.ts';
import type { World } from '../server/world.ts';

export interface InstanceCertificates {
  /** PEM, as are all others. */
  root: string;
  intermediate: string;
  leaf: string;
  leafKey: string;
}

interface Authorities {
  root: string;
  intermediate: string;
  signer: KeyPair;
}

const INTERMEDIATE = 'PKISVC Identity Intermediate emulator-ad-1';
const authorities = new WeakMap<World, Authorities>();
/** By subject. */
const leaves = new WeakMap<World, Map<string, { leaf: string; leafKey: string }>>();

/** Created at the first call, because that takes time. The settings determine the leaf. */
export function instanceCertificates(world: World): InstanceCertificates {
  const made = authorities.get(world) ?? makeAuthorities();
  authorities.set(world, made);
  const known = leaves.get(world) ?? new Map();
  leaves.set(world, known);
  const subject = subjectOf(world);
  const name = JSON.stringify(subject);
  const found = known.get(name) ?? makeLeaf(subject, made.signer);
  known.set(name, found);
  const lines = found.leafKey.trim().split('\n');
  for (const line of lines.slice(1, -1)) world.secrets.add(line);
  return { root: made.root, intermediate: made.intermediate, ...found };
}

/** From now on, the instance has a new certificate with a new key. The old ones are valid until they expire. */
export function rotateInstanceCertificates(world: World): void {
  leaves.delete(world);
}

export function tenancyOfInstance({ settings }: World): string {
  return settings.instance.tenancy ?? settings.tenancy;
}

/** An attribute such as `opc-tenant:ocid1.tenancy…` of the subject. */
export function subjectValue({ subject }: X509Certificate, prefix: string): string | undefined {
  const values = subject.split('\n').map((line) => line.slice(line.indexOf('=') + 1));
  return values.find((value) => value.startsWith(`${prefix}:`))?.slice(prefix.length + 1);
}

function subjectOf(world: World): forge.pki.CertificateField[] {
  const { instance, instanceTenancyAttribute } = world.settings;
  const units = [
    'opc-certtype:instance',
    `opc-compartment:${instance.compartmentId}`,
    `opc-instance:${instance.id}`,
    `${instanceTenancyAttribute}:${tenancyOfInstance(world)}`,
  ];
  return [
    ...units.map((value) => ({ shortName: 'OU', value })),
    // Assumed. An OCID is longer than RFC 5280 allows for a common name.
    { shortName: 'CN', value: instance.id },
  ];
}

function makeAuthorities(): Authorities {
  const [rootKeys, signer] = [keyPair(), keyPair()];
  const rootName = [{ shortName: 'CN', value: 'OCI emulator instance root' }];
  const root = authority(rootName, rootKeys, rootName, rootKeys);
  const intermediate = authority([{ shortName: 'CN', value: INTERMEDIATE }], signer, rootName, rootKeys);
  return { root, intermediate, signer };
}

function authority(
  subject: forge.pki.CertificateField[],
  keys: KeyPair,
  issuer: forge.pki.CertificateField[],
  issuerKeys: KeyPair,
): string {
  const made = certificate('', keys.publicKey);
  made.setSubject(subject);
  made.setIssuer(issuer);
  made.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  made.sign(issuerKeys.privateKey, forge.md.sha256.create());
  return pem(forge.pki.certificateToPem(made));
}

function makeLeaf(subject: forge.pki.CertificateField[], signer: KeyPair) {
  const keys = keyPair();
  const made = certificate('', keys.publicKey);
  made.setSubject(subject);
  made.setIssuer([{ shortName: 'CN', value: INTERMEDIATE }]);
  made.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', clientAuth: true },
  ]);
  made.sign(signer.privateKey, forge.md.sha256.create());
  return {
    leaf: pem(forge.pki.certificateToPem(made)),
    leafKey: pem(forge.pki.privateKeyToPem(keys.privateKey)),
  };
}

/** The SDK for Go removes line feeds only, so that a carriage return would reach the federation service. */
function pem(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
