import {
  readKeyPair
} from "./shared-by-doctor+main.js";
import {
  lockOf,
  ociPlace,
  sessionPaths
} from "./shared-by-doctor+post+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/profiles/session-files.ts
function tokenFileOf({ configFile, profile }) {
  let { tokenFile: file, keyFile } = sessionPaths(configFile, profile);
  return { file, keyFile, lock: lockOf(ociPlace(configFile, profile)) };
}
async function replaceToken({ files, lock }, { file, keyFile, lock: locked }, token, publicKeyBase64) {
  let replace = () => readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64 ? !1 : (putFile(files, file, token), !0);
  return locked === null ? replace() : lock.hold(locked, () => {
  }, replace);
}
function putFile(files, file, content) {
  files.kind(file) === "absent" ? files.create(file, content.reveal()) : files.replace(file, Buffer.from(content.reveal()), `${file}~`);
}
function readKeyFile(files, file) {
  let pem = readSecret(files, file);
  return pem && readKeyPair(pem);
}
function readSecret(files, file) {
  if (files.kind(file) === "file")
    return new Secret(Buffer.from(files.read(file)).toString("utf8"));
}

export {
  tokenFileOf,
  replaceToken,
  putFile,
  readKeyFile,
  readSecret
};
