import {
  filesOf,
  parseRefreshSpec,
  runSchedule
} from "./shared-11.js";
import {
  createLock,
  formatEntry,
  stopFileOf
} from "./shared-9.js";
import {
  createHttp,
  proxiesBy,
  readWebIdentity,
  requestAccessToken,
  requestIdToken,
  requestSessionToken
} from "./shared-2.js";
import {
  nodeFiles,
  putFile,
  replaceToken,
  systemClock
} from "./shared-8.js";
import "./shared-10.js";
import "./shared-7.js";
import "./shared-6.js";
import "./shared-12.js";

// src/node/this-process.ts
import fs from "node:fs";
var READY = 3, POLL_MS = 15e3, GONE_MS = 5e3;
function readStandardInput() {
  return fs.readFileSync(0, "utf8");
}
function reportReady() {
  fs.writeSync(READY, "ready"), fs.closeSync(READY);
}
function writeLog(text) {
  try {
    fs.writeSync(1, text);
  } catch {
  }
}
function watchForStop(conditions, stop) {
  let { stopFile, directory, sessionDirectory } = conditions, goneSince, poll = () => {
    if (fs.existsSync(stopFile)) return stop("found its stop file");
    if (!fs.existsSync(directory)) return stop("its directory was removed");
    if (sessionDirectory === void 0 || fs.existsSync(sessionDirectory) ? goneSince = void 0 : goneSince ??= Date.now(), goneSince !== void 0 && Date.now() - goneSince >= GONE_MS)
      return stop("the session directory was removed");
  };
  setInterval(poll, POLL_MS).unref();
  try {
    fs.watch(directory, { persistent: !1 }, poll).on("error", () => {
    });
  } catch {
  }
  poll();
  for (let signal of ["SIGTERM", "SIGINT", "SIGHUP"])
    process.once(signal, () => stop(`received ${signal}`));
  process.on("SIGUSR1", () => {
  });
}

// src/refresh/renew.ts
var runner = { mask: () => {
} };
async function renew(deps, target) {
  return target.kind === "session" ? renewSession(deps, target) : target.kind === "id-token" ? renewIdToken(deps, target) : renewAccessToken(deps, target);
}
async function renewSession({ http, disk: disk2, domainUrl }, { source, client, config: given, publicKey, tokenFiles }) {
  let { clock } = disk2, deps = { http, clock, runner }, issuedAt = clock.now(), login = { domainUrl, client, oci: { ...given, trustRules: [] } }, { sessionToken } = await requestSessionToken(deps, login, source, publicKey), { principal, expiresAt, requestId = "none" } = sessionToken, text = `Renewed the OCI session of ${principal} until ${iso(expiresAt)}. Request ID: ${requestId}.`;
  for (let tokenFile of tokenFiles)
    await replaceToken(disk2, tokenFile, sessionToken, publicKey.publicKeyBase64) || (text += ` ${tokenFile.file} was not changed: it belongs to another session now.`);
  return { validity: { issuedAt, expiresAt }, text };
}
async function renewIdToken({ http, disk: disk2 }, { source, audience, file }) {
  let { clock, files } = disk2, issuedAt = clock.now(), { jwt, lifetimeMs } = await requestIdToken({ http, clock, runner }, source, audience);
  putFile(files, file, jwt);
  let expiresAt = issuedAt + lifetimeMs;
  return { validity: { issuedAt, expiresAt }, text: `Renewed GitHub's ID token until ${iso(expiresAt)}.` };
}
async function renewAccessToken({ http, disk: disk2, domainUrl }, { file, client, scope, audience }) {
  let issuedAt = disk2.clock.now(), token = await requestAccessToken({ http, clock: disk2.clock, runner }, { domainUrl, client }, scope), { expiresAt } = readWebIdentity(token, { domainUrl, audience, now: disk2.clock.now() });
  return putFile(disk2.files, file, token), {
    validity: { issuedAt, expiresAt },
    text: `Renewed the access token for AWS until ${iso(expiresAt)}.`
  };
}
function iso(time) {
  return new Date(time).toISOString();
}

// src/refresher.ts
var { pid } = process, spec = parseRefreshSpec(readStandardInput()), disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) }, proxyFor = proxiesBy(() => {
}), log = (kind, text, more) => writeLog(formatEntry({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more }));
function httpForRenewal() {
  let { timeoutMs, ...limits } = spec.limits, policy = { ...limits, deadline: systemClock.now() + timeoutMs };
  return createHttp({ policy, clock: systemClock, log: (text) => log("info", text), proxyFor });
}
var targetFiles = filesOf(spec.targets);
log("started", `Process ${pid} renews ${targetFiles.join(", ")}`, { pid, files: targetFiles });
reportReady();
watchForStop({ ...spec, stopFile: stopFileOf(spec) }, (reason) => {
  log("stopped", `Stopped: ${reason}.`), process.exit();
});
await runSchedule(
  {
    clock: systemClock,
    log,
    spread: Math.random(),
    renew: (target) => renew({ http: httpForRenewal(), disk, domainUrl: spec.domainUrl }, target)
  },
  spec
);
