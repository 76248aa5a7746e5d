// A new certificate authority at each start, a server certificate for the loopback names, and invalid ones for tests.
import { constants, generateKeyPairSync, privateEncrypt, randomBytes } from 'node:crypto';
import forge from 'node-forge';

export interface Certificates {
  /** The authority's certificate, for clients to trust. */
  ca: string;
  cert: string;
  key: string;
}

/** Why a client must not trust what a server presents. */
export type CertificateFlaw = 'unknown-authority' | 'expired' | 'other-host';

export interface CertificateSet extends Certificates {
  /** Of another authority, for these names and the loopback names. */
  ofAuthority(name: string, hosts: readonly string[], addresses: readonly string[]): Certificates;
  /** The same key with a certificate that fails exactly one check; `ca` does not change. */
  flawed(flaw: CertificateFlaw): Certificates;
}

export type KeyPair = forge.pki.rsa.KeyPair;

interface Party {
  name: string;
  keys: KeyPair;
}

interface Leaf extends Party {
  altNames: readonly GeneralName[];
  /** From now; negative for an expired certificate. */
  endsInMs?: number;
}

interface GeneralName {
  type: number;
  value?: string;
  ip?: string;
}

const OTHER_HOST = 'elsewhere.example';
const DAY_MS = 86_400_000;
/** The prefix of a SHA-256 hash in an RSA signature (RFC 8017 section 9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export function makeCertificates(hosts: readonly string[] = []): CertificateSet {
  const authority = { name: 'OCI emulator CA', keys: keyPair() };
  const keys = keyPair();
  const ca = forge.pki.certificateToPem(authorityCertificate(authority));
  const key = forge.pki.privateKeyToPem(keys.privateKey);
  const names = [dns('localhost'), ...hosts.map(dns), ip('127.0.0.1'), ip('::1')];
  const certificates = (leaf: Partial<Leaf>, signer = authority): Certificates => {
    const made = serverCertificate({ name: 'localhost', keys, altNames: names, ...leaf }, signer);
    return { ca, cert: forge.pki.certificateToPem(made), key };
  };
  return {
    ...certificates({}),
    ofAuthority(name, hosts, addresses) {
      // The same key for authority and server: a new one would be slow.
      const other = { name, keys };
      const altNames = [...names, ...hosts.map(dns), ...addresses.map(ip)];
      return {
        ...certificates({ altNames }, other),
        ca: forge.pki.certificateToPem(authorityCertificate(other)),
      };
    },
    flawed(flaw) {
      switch (flaw) {
        case 'unknown-authority':
          // Signed with the server's own key, which no client trusts as an authority: a new key would be slow.
          return certificates({}, { name: 'Unknown CA', keys });
        case 'expired':
          return certificates({ endsInMs: -DAY_MS });
        case 'other-host':
          return certificates({ name: OTHER_HOST, altNames: [dns(OTHER_HOST)] });
      }
    },
  };
}

function authorityCertificate({ name, keys }: Party): forge.pki.Certificate {
  const ca = certificate(name, keys.publicKey);
  ca.setIssuer(ca.subject.attributes);
  // Strict verifiers such as Python 3.13 require key identifiers and key usage (RFC 5280 section 4.2.1).
  ca.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  ca.sign(keys.privateKey, forge.md.sha256.create());
  return ca;
}

function serverCertificate({ name, keys, altNames, endsInMs }: Leaf, signer: Party): forge.pki.Certificate {
  const leaf = certificate(name, keys.publicKey, endsInMs);
  leaf.setIssuer([{ name: 'commonName', value: signer.name }]);
  const keyIdentifier = forge.pki.getPublicKeyFingerprint(signer.keys.publicKey, { type: 'RSAPublicKey' });
  leaf.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyIdentifier.getBytes() },
    { name: 'subjectAltName', altNames },
  ]);
  leaf.sign(signer.keys.privateKey, forge.md.sha256.create());
  return leaf;
}

/** A certificate that is not signed yet. It is valid from yesterday on. */
export function certificate(
  commonName: string,
  publicKey: forge.pki.rsa.PublicKey,
  endsInMs = 30 * DAY_MS,
): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = publicKey;
  // A leading zero bit keeps the number positive (RFC 5280 section 4.1.2.2).
  made.serialNumber = `1${randomBytes(15).toString('hex')}0`;
  // The machine's clock, not that of the world: the client's TLS library compares these dates.
  made.validity.notBefore = new Date(Date.now() + Math.min(0, endsInMs) - DAY_MS);
  made.validity.notAfter = new Date(Date.now() + endsInMs);
  made.setSubject([{ name: 'commonName', value: commonName }]);
  return made;
}

/** Node generates the keys and signs: node-forge needs tenths of a second for it, and seconds inside a Jest sandbox. */
export function keyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const forged = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  forged.sign = (digest) => {
    const hash = Buffer.from(typeof digest === 'string' ? digest : digest.digest().getBytes(), 'binary');
    const signature = privateEncrypt(
      { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([SHA256_DIGEST_INFO, hash]),
    );
    return signature.toString('binary');
  };
  return { privateKey: forged, publicKey: forge.pki.setRsaPublicKey(forged.n, forged.e) };
}

/** GeneralName choices 2 and 7 (RFC 5280 section 4.2.1.6). */
function dns(value: string): GeneralName {
  return { type: 2, value };
}

function ip(address: string): GeneralName {
  return { type: 7, ip: address };
}
