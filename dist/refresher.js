import {
  filesOf,
  parseRefreshSpec,
  runSchedule
} from "./shared-23.js";
import {
  createLock,
  formatEntry,
  readInstructions,
  reportReady,
  watchForStop,
  writeLog
} from "./shared-17.js";
import {
  readWebIdentity,
  requestAccessToken
} from "./shared-7.js";
import {
  clockSkew,
  requestIdToken,
  requestSessionToken
} from "./shared-9.js";
import {
  nodeFiles
} from "./shared-16.js";
import {
  putFile,
  replaceToken
} from "./shared-21.js";
import "./shared-22.js";
import "./shared-19.js";
import {
  createHttp,
  proxiesBy
} from "./shared-2.js";
import "./shared-3.js";
import {
  createForwardClock,
  systemClock
} from "./shared-18.js";
import "./shared-14.js";
import "./shared-13.js";
import "./shared-24.js";
import "./shared-12.js";
import "./shared-25.js";

// src/refresh/renew.ts
var runner = { mask: () => {
} };
async function renew({ http, disk: disk2, domainUrl }, target) {
  let { clock: clock2, files } = disk2, deps = { http, clock: clock2, runner }, issuedAt = clock2.now();
  if (target.kind === "session") {
    let { client: client2, config, source, publicKey } = target, login = { domainUrl, client: client2, oci: { ...config, trustRules: [] } }, { sessionToken, serverTime } = await requestSessionToken(deps, login, source, publicKey), skew = clockSkew(clock2.now(), serverTime), text2 = await replaceTokens(disk2, target, sessionToken), expiresAt2 = sessionToken.expiresAt - skew;
    return { validity: { issuedAt, expiresAt: expiresAt2 }, text: text2 };
  }
  if (target.kind === "id-token") {
    let { jwt, expiresAt: expiresAt2, lifetimeMs } = await requestIdToken(deps, target.source, target.audience);
    return putFile(files, target.file, jwt), { validity: { issuedAt, expiresAt: issuedAt + lifetimeMs }, text: `Renewed GitHub's ID token until ${iso(expiresAt2)}.` };
  }
  let { client, scope, audience, file } = target, token = await requestAccessToken(deps, { domainUrl, client }, scope), { expiresAt } = readWebIdentity(token, { domainUrl, audience, scope }, clock2.now());
  putFile(files, file, token);
  let text = `Renewed the access token for AWS until ${iso(expiresAt)}.`;
  return { validity: { issuedAt, expiresAt }, text };
}
async function replaceTokens(disk2, { tokenFiles, publicKey: { publicKeyBase64 }, macKey }, sessionToken) {
  let { principal, expiresAt, requestId = "none" } = sessionToken, text = `Renewed the OCI session of ${principal} until ${iso(expiresAt)}. Request ID: ${requestId}.`;
  for (let tokenFile of tokenFiles)
    await replaceToken(disk2, tokenFile, sessionToken, publicKeyBase64, macKey) || (text += ` ${tokenFile.file} was not changed: it now belongs to another session.`);
  return text;
}
function iso(time) {
  return new Date(time).toISOString();
}

// src/refresher.ts
var { pid } = process, spec = parseRefreshSpec(readInstructions()), clock = createForwardClock(systemClock), disk = { files: nodeFiles, clock, lock: createLock(systemClock) }, proxyFor = proxiesBy(() => {
}), log = (kind, text, more) => writeLog(formatEntry({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more }));
function httpFor(limitMs) {
  let { timeoutMs, ...limits } = spec.limits, policy = { ...limits, deadline: clock.now() + Math.min(timeoutMs, limitMs) };
  return createHttp({ policy, clock, log: (text) => log("info", text), proxyFor });
}
var targetFiles = filesOf(spec.targets);
log("started", `Process ${pid} renews ${targetFiles.join(", ")}`, { pid, files: targetFiles });
watchForStop(spec, (reason) => {
  log("stopped", `Stopped: ${reason}.`), process.exit();
});
reportReady();
await runSchedule(
  {
    clock,
    log,
    spread: Math.random(),
    renew: (target, limitMs) => renew({ http: httpFor(limitMs), disk, domainUrl: spec.domainUrl }, target)
  },
  spec
);
