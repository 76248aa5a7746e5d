import {
  createHttp,
  proxiesBy
} from "./shared-2.js";
import {
  systemClock
} from "./shared-22.js";
import {
  REGISTRY_USER,
  requestRegistryToken,
  tokenHostOf
} from "./shared-11.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-17.js";
import {
  withoutCommands
} from "./shared-27.js";
import {
  describeFailure,
  toFailure
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/node/plug-in.ts
import fs from "node:fs";
function readSessionFile(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    let { code = "unknown" } = error, isGone = code === "ENOENT" || code === "ENOTDIR";
    throw new Error(
      isGone ? `The session is gone: ${file} does not exist. The clean-up or another login removed it. Log in again.` : `${file} cannot be read (${code}). Run this step as the user of the login.`
    );
  }
}
function readStandardInput() {
  return fs.readFileSync(0, "utf8");
}
function print(text) {
  process.stdout.write(text);
}
function fail(error) {
  let text = error instanceof Error ? error.message : "unexpected failure";
  process.stderr.write(`oci-wif-action: ${text.replace(/(##\w*)\[/g, "$1 [")}
`), process.exitCode = 1;
}

// src/run-docker-credential.ts
var NOT_FOUND = "credentials not found in native keychain", LIMITS = { maxAttempts: 3, requestTimeoutMs: 1e4 }, DEADLINE_MS = 3e4;
async function get(find) {
  let { keyFile: keyFile2, tokenFile: tokenFile2, hosts } = find(), server = readStandardInput().trim(), host = server.replace(/^https?:\/\//, "").replace(/\/.*$/s, "").toLowerCase();
  if (!hosts.includes(host)) return refuse(NOT_FOUND);
  let privateKeyPem = new Secret(readSessionFile(keyFile2)), token = new Secret(readSessionFile(tokenFile2)), policy = { ...LIMITS, deadline: systemClock.now() + DEADLINE_MS }, deps = { http: createHttp({ policy, clock: systemClock, log: () => {
  }, proxyFor: proxiesBy(() => {
  }) }), clock: systemClock }, { token: secret } = await requestRegistryToken(deps, tokenHostOf(host), { token, privateKeyPem });
  return JSON.stringify({ ServerURL: server, Username: REGISTRY_USER, Secret: secret.reveal() });
}
function refuse(text) {
  return process.exitCode = 1, text;
}
function ignore() {
  return readStandardInput(), "";
}
var ACTIONS = {
  get,
  // For `docker login` and `docker logout`. They change nothing, but must not fail: Docker would report that its command failed.
  store: ignore,
  erase: ignore,
  list: (find) => JSON.stringify(Object.fromEntries(find().hosts.map((host) => [host, REGISTRY_USER])))
};
async function runDockerCredential(find, action2 = "") {
  try {
    let run = ACTIONS[action2] ?? (() => refuse("the action must be get, store, erase or list"));
    print(await run(find));
  } catch (error) {
    let text = textOf(error);
    print(text), fail(new Error(text));
  }
}
function textOf(error) {
  let failure = toFailure(error), isPlain = failure.code === "UNEXPECTED" && error instanceof Error;
  return withoutCommands(isPlain ? error.message : describeFailure(failure));
}

// src/docker-credential.ts
var [keyFile = "", tokenFile = "", registries = "", action] = process.argv.slice(2);
await runDockerCredential(() => ({ keyFile, tokenFile, hosts: registries.split(",") }), action);
