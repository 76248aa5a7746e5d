import {
  tokenFileOf
} from "./shared-by-refresh-refresher+run-login.js";
import {
  deathOf,
  journalOf,
  stopRefresher
} from "./shared-by-refresh-refresher+refresh-stop.js";
import "./shared-by-post+refresh-refresher+run-login.js";
import {
  refresherFiles,
  refreshersIn,
  startRefresher,
  unfinished,
  without
} from "./shared-by-refresh-refresher+refresh-stop+refresher.js";
import {
  expiryOf,
  findIdTokenSource
} from "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/refresh/refresher.ts
var LONGEST_JOB_MS = 120 * 36e5;
function createRefresherControl(parts) {
  return {
    async start(config, laid) {
      let charges = without(
        chargesFor(config, laid, parts.clock.now()),
        keptAlready(parts, laid.directory)
      );
      if (Object.keys(charges).length === 0) return;
      let pid = await startRefresher(
        parts.background,
        parts.script,
        orderFor(parts, config, laid, charges)
      );
      return parts.runner.info(
        `Process ${pid} keeps this fresh until the job ends; the post step shows what it did.`
      ), pid;
    },
    async stop(refresher) {
      await stopRefresher(parts, refresher);
    }
  };
}
function keptAlready({ runner, files, background }, directory) {
  return refreshersIn(files, directory).flatMap((loginId) => {
    let journal = journalOf(files, { directory, loginId }), { pid, keeps = [] } = unfinished(journal) ?? {};
    return pid === void 0 ? [] : background.isRunning(pid, loginId) ? keeps : (runner.warning(deathOf(journal)), files.remove(refresherFiles({ directory, loginId }).log), []);
  });
}
function chargesFor({ oci, client }, laid, now) {
  let { session, paths, targetFiles, aws } = laid, charges = {};
  if (oci && session && paths) {
    let { publicKeyBase64, publicJwk } = session.keyPair;
    charges.session = {
      issuedAt: now,
      expiresAt: session.sessionToken.expiresAt,
      config: oci,
      client,
      publicKey: { publicKeyBase64, publicJwk },
      tokenFiles: [tokenFileOf(oci), ...targetFiles?.tokenFiles ?? []]
    };
  }
  if (targetFiles?.idToken) {
    let { file, lifetimeMs } = targetFiles.idToken;
    charges["id-token"] = { issuedAt: now, expiresAt: now + lifetimeMs, file };
  }
  if (aws?.config.credentialSource === "web-identity") {
    let { scope, audience, client: application } = aws.config, { expiresAt } = aws.role.identity;
    charges["access-token"] = {
      issuedAt: now,
      expiresAt,
      file: aws.tokenFile,
      client: application,
      scope,
      audience
    };
  }
  return charges;
}
function orderFor({ runner, clock }, { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }, { loginId, directory, paths }, charges) {
  let identity = oci && findIdTokenSource(runner.env), end = identity && expiryOf(identity.requestToken);
  return {
    loginId,
    directory,
    sessionDirectory: paths?.session ?? null,
    identity: identity ?? null,
    audience: oci?.audience ?? "",
    domainUrl,
    policy: { maxAttempts, requestTimeoutMs, timeoutMs },
    lastChanceAt: end ?? clock.now() + LONGEST_JOB_MS,
    charges
  };
}
export {
  createRefresherControl
};
