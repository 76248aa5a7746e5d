// Makes a certificate authority and one server certificate for the loopback names, afresh at each start.
// Must not know who serves with them.
import { constants, generateKeyPairSync, privateEncrypt, randomBytes } from 'node:crypto';
import forge from 'node-forge';

export interface Certificates {
  /** The authority's certificate, for clients to trust. */
  ca: string;
  cert: string;
  key: string;
}

const DAY_MS = 86_400_000;
/** What stands before a SHA-256 hash in an RSA signature (RFC 8017 section 9.2, note 1). */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export function makeCertificates(): Certificates {
  const authority = keyPair();
  const server = keyPair();
  const ca = certificate('OCI emulator CA', authority.publicKey);
  ca.setIssuer(ca.subject.attributes);
  // Key identifiers and key usage are what strict verifiers such as Python 3.13 insist on (RFC 5280 section 4.2.1).
  ca.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  ca.sign(authority.privateKey, forge.md.sha256.create());
  const leaf = certificate('localhost', server.publicKey);
  leaf.setIssuer(ca.subject.attributes);
  leaf.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes() },
    { name: 'subjectAltName', altNames: [dns('localhost'), ip('127.0.0.1'), ip('::1')] },
  ]);
  leaf.sign(authority.privateKey, forge.md.sha256.create());
  return {
    ca: forge.pki.certificateToPem(ca),
    cert: forge.pki.certificateToPem(leaf),
    key: forge.pki.privateKeyToPem(server.privateKey),
  };
}

function certificate(commonName: string, publicKey: forge.pki.rsa.PublicKey): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = publicKey;
  // A leading zero bit keeps the number positive (RFC 5280 section 4.1.2.2).
  made.serialNumber = `1${randomBytes(15).toString('hex')}0`;
  // The machine's time, not the world's: it is the client's TLS that judges these dates.
  made.validity.notBefore = new Date(Date.now() - DAY_MS);
  made.validity.notAfter = new Date(Date.now() + 30 * DAY_MS);
  made.setSubject([{ name: 'commonName', value: commonName }]);
  return made;
}

/**
 * node-forge words the certificates, Node makes the keys and signs: in JavaScript that takes tenths of a second,
 * and whole seconds inside a Jest sandbox.
 */
function keyPair(): forge.pki.rsa.KeyPair {
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
function dns(value: string) {
  return { type: 2, value };
}

function ip(address: string) {
  return { type: 7, ip: address };
}
