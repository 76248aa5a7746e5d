import {
  Secret
} from "./shared-28.js";

// src/oci/key-pair.ts
import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
var MODULUS_LENGTH = 2048;
function generateSessionKeyPair() {
  return new Promise((resolve, reject) => {
    generateKeyPair("rsa", { modulusLength: MODULUS_LENGTH }, (error, publicKey, privateKey) => {
      error ? reject(error) : resolve(describeKeyPair(publicKey, privateKey));
    });
  });
}
function readKeyPair(privateKeyPem) {
  try {
    let privateKey = createPrivateKey(privateKeyPem.reveal());
    return describeKeyPair(createPublicKey(privateKey), privateKey);
  } catch {
    return;
  }
}
function describeKeyPair(publicKey, privateKey) {
  let der = publicKey.export({ type: "spki", format: "der" }), { n = "", e = "" } = publicKey.export({ format: "jwk" }), digest = createHash("md5").update(der).digest("hex");
  return {
    privateKeyPem: new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    publicKeyBase64: der.toString("base64"),
    publicJwk: { n, e },
    fingerprint: digest.replace(/(..)(?=.)/g, "$1:")
  };
}

export {
  generateSessionKeyPair,
  readKeyPair
};
