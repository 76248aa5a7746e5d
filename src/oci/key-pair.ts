// The session's key pair: generated here, never sent. `main` imports this module first, so it imports almost nothing.
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { Secret } from '../secret.ts';

export interface KeyPair {
  /** PKCS#8 PEM, unencrypted: the one form that every OCI client reads. */
  privateKeyPem: Secret;
  /** DER SubjectPublicKeyInfo in standard base64 on one line, as the token exchange requires it. */
  publicKeyBase64: string;
  publicJwk: { n: string; e: string };
  /** MD5 of the DER public key. @see Required Keys and OCIDs, "How to Get the Key's Fingerprint" (OCI documentation) */
  fingerprint: string;
}

/** RSA 2048 as OCI's own SDKs use for exchanged sessions; other kinds of key are not documented to work. */
const MODULUS_LENGTH = 2048;

/** Generates a key pair in the thread pool, while everything else continues. */
export function generateSessionKeyPair(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: MODULUS_LENGTH }, (error, publicKey, privateKey) => {
      if (error) reject(error);
      else resolve(describeKeyPair(publicKey, privateKey));
    });
  });
}

/** The key pair of a private key in PEM; undefined for anything else. */
export function readKeyPair(privateKeyPem: Secret): KeyPair | undefined {
  try {
    const privateKey = createPrivateKey(privateKeyPem.reveal());
    return describeKeyPair(createPublicKey(privateKey), privateKey);
  } catch {
    return undefined;
  }
}

function describeKeyPair(publicKey: KeyObject, privateKey: KeyObject): KeyPair {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const digest = createHash('md5').update(der).digest('hex');
  return {
    privateKeyPem: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    publicKeyBase64: der.toString('base64'),
    publicJwk: { n, e },
    fingerprint: digest.replace(/(..)(?=.)/g, '$1:'),
  };
}
