import {
  requestAccessToken
} from "./shared-18.js";
import {
  filesOf,
  parseRefreshSpec,
  runSchedule
} from "./shared-26.js";
import {
  createLock,
  formatEntry,
  readInstructions,
  reportReady,
  watchForStop,
  writeLog
} from "./shared-21.js";
import {
  readWebIdentity
} from "./shared-7.js";
import {
  githubIdTokensFrom,
  signersOf
} from "./shared-16.js";
import {
  nodeFiles
} from "./shared-20.js";
import {
  createHttp,
  proxiesBy
} from "./shared-2.js";
import {
  createForwardClock,
  systemClock
} from "./shared-22.js";
import {
  clockSkew,
  requestSessionToken
} from "./shared-9.js";
import "./shared-3.js";
import "./shared-14.js";
import {
  putFile,
  replaceToken
} from "./shared-25.js";
import "./shared-23.js";
import "./shared-17.js";
import "./shared-27.js";
import "./shared-13.js";
import "./shared-28.js";

// src/refresh/renew.ts
var runner = { mask: () => {
} };
async function renew({ http, disk, domainUrl, idTokensFrom, requestSigner: requestSigner2 }, target) {
  let { clock, files } = disk, deps = { http, clock, runner, requestSigner: requestSigner2 }, issuedAt = clock.now();
  if (target.kind === "session") {
    let { client: client2, config, publicKey } = target, source = idTokensFrom(target.source), login = { domainUrl, client: client2, oci: { ...config, trustRules: [] } }, { sessionToken, serverTime } = await requestSessionToken(deps, login, source, publicKey), skew = clockSkew(clock.now(), serverTime), text2 = await replaceTokens(disk, target, sessionToken), expiresAt2 = sessionToken.expiresAt - skew;
    return { validity: { issuedAt, expiresAt: expiresAt2 }, text: text2 };
  }
  if (target.kind === "id-token") {
    let source = idTokensFrom(target.source), { jwt, expiresAt: expiresAt2, lifetimeMs } = await source.request(deps, target.audience);
    return putFile(files, target.file, jwt), { validity: { issuedAt, expiresAt: issuedAt + lifetimeMs }, text: `Renewed the ID token of ${source.issuer} until ${iso(expiresAt2)}.` };
  }
  let { client, scope, audience, file } = target, token = await requestAccessToken(deps, { domainUrl, requester: client }, scope), { expiresAt } = readWebIdentity(token, { domainUrl, audience, scope }, clock.now());
  putFile(files, file, token);
  let text = `Renewed the access token for AWS until ${iso(expiresAt)}.`;
  return { validity: { issuedAt, expiresAt }, text };
}
async function replaceTokens(disk, { tokenFiles, publicKey: { publicKeyBase64 }, macKey }, sessionToken) {
  let { principal, expiresAt, requestId = "none" } = sessionToken, text = `Renewed the OCI session of ${principal} until ${iso(expiresAt)}. Request ID: ${requestId}.`;
  for (let tokenFile of tokenFiles)
    await replaceToken(disk, tokenFile, sessionToken, publicKeyBase64, macKey) || (text += ` ${tokenFile.file} was not changed: it now belongs to another session.`);
  return text;
}
function iso(time) {
  return new Date(time).toISOString();
}

// src/run-refresher.ts
var requestSigner = signersOf((name) => process.env[name], nodeFiles);
async function runRenewals(spec, { idTokensFrom, log }) {
  let clock = createForwardClock(systemClock), disk = { files: nodeFiles, clock, lock: createLock(systemClock) }, proxyFor = proxiesBy(() => {
  }), httpFor = (limitMs) => {
    let { timeoutMs, ...limits } = spec.limits, policy = { ...limits, deadline: clock.now() + Math.min(timeoutMs, limitMs) };
    return createHttp({ policy, clock, log: (text) => log("info", text), proxyFor });
  }, { domainUrl } = spec;
  await runSchedule(
    {
      clock,
      log,
      spread: Math.random(),
      renew: (target, limitMs) => renew({ http: httpFor(limitMs), disk, domainUrl, idTokensFrom, requestSigner }, target)
    },
    spec
  );
}
async function runRefresher(idTokensFrom) {
  let { pid } = process, spec = parseRefreshSpec(readInstructions()), log = (kind, text, more) => writeLog(formatEntry({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more })), targetFiles = filesOf(spec.targets);
  spec.targets.some((target) => target.kind === "session" && target.client.kind !== "secret") && await import("./login-request-signer.js"), log("started", `Process ${pid} renews ${targetFiles.join(", ")}`, { pid, files: targetFiles }), watchForStop(spec, (reason) => {
    log("stopped", `Stopped: ${reason}.`), process.exit();
  }), reportReady(), await runRenewals(spec, { idTokensFrom, log });
}

// src/refresher.ts
await runRefresher(githubIdTokensFrom);
