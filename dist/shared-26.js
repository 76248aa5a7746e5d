import {
  toFailure
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/refresh/schedule.ts
var FIRST_PAUSE = 0.016666666666666666, LONGEST_PAUSE = 1 / 12, LONGEST_ATTEMPT = 1 / 10, MIN_ATTEMPT_MS = 2e3, MIN_LIFETIME_MS = 1e3, BEFORE_LAST_RENEWAL = 1 / 20;
function nextAction(state, now) {
  let { issuedAt, expiresAt, failures, renewableUntil } = state, lifetime = Math.max(expiresAt - issuedAt, MIN_LIFETIME_MS);
  if (now >= renewableUntil) return { action: "give-up", why: "no-more-id-tokens" };
  if (failures > 0 && now >= expiresAt + lifetime) return { action: "give-up", why: "failed" };
  let dueAt = Math.round(Math.min(regularRenewal(state, lifetime), lastRenewal(state, lifetime)));
  return now >= dueAt ? { action: "renew" } : { action: "wait", until: Math.min(dueAt, renewableUntil) };
}
function attemptLimit({ issuedAt, expiresAt }) {
  return Math.max((expiresAt - issuedAt) * LONGEST_ATTEMPT, MIN_ATTEMPT_MS);
}
function regularRenewal({ issuedAt, failures, failedAt = issuedAt, spread }, lifetime) {
  if (failures === 0) return issuedAt + lifetime * (0.6 - 0.05 * spread);
  let pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return failedAt + lifetime * pause * (1 - spread / 2);
}
function lastRenewal({ issuedAt, failures, renewableUntil }, lifetime) {
  let at = renewableUntil - lifetime * BEFORE_LAST_RENEWAL;
  return failures === 0 && issuedAt < at ? at : Number.POSITIVE_INFINITY;
}
var SHORT_LIFE_MS = 30 * 6e4;
function needsRefresher(mode, expiries, now) {
  return mode !== "auto" ? mode === "always" : expiries.some((at) => at !== void 0 && at - now < SHORT_LIFE_MS);
}

// src/refresh/run.ts
var TOKEN_NAMES = {
  session: "the OCI session token",
  "id-token": "the job's ID token",
  "access-token": "the access token for AWS"
}, LONGEST_SLEEP_MS = 6e4;
async function runSchedule(deps, { targets }) {
  let { spread } = deps;
  await Promise.all(
    targets.map(
      (target) => runTarget(deps, target, {
        ...target.validity,
        failures: 0,
        renewableUntil: target.renewableUntil,
        spread
      })
    )
  ), deps.log("completed", "Nothing is left to renew.");
}
async function runTarget(deps, target, first) {
  let { clock, log } = deps, state = first;
  for (; ; ) {
    let now = clock.now(), next = nextAction(state, now);
    if (next.action === "give-up")
      return log("warning", describeGiveUp(TOKEN_NAMES[target.kind], state.expiresAt, next));
    next.action === "wait" ? await clock.sleep(Math.min(next.until - now, LONGEST_SLEEP_MS)) : state = await attempt(deps, target, state);
  }
}
async function attempt({ renew, log, clock }, target, state) {
  try {
    let { validity, text } = await renew(target, attemptLimit(state));
    return log("info", text), { ...state, ...validity, failures: 0, failedAt: void 0 };
  } catch (error) {
    let { code, message, requestId } = toFailure(error), failedAt = clock.now(), hasExpired = failedAt >= state.expiresAt, isNew = hasExpired && (state.failedAt === void 0 || state.failedAt < state.expiresAt), validity = `${hasExpired ? "it expired at" : "it is valid until"} ${iso(state.expiresAt)}`, reason = `${code}: ${message}${requestId === void 0 ? "" : ` Request ID: ${requestId}.`}`;
    return log(isNew ? "warning" : "info", `Could not renew ${TOKEN_NAMES[target.kind]} (${validity}): ${reason}`), { ...state, failures: state.failures + 1, failedAt };
  }
}
function describeGiveUp(name, expiresAt, { why }) {
  let expiry = iso(expiresAt);
  return why === "failed" ? `Gave up renewing ${name}: it expired at ${expiry}, and every attempt since then failed.` : `Stopped renewing ${name}: the job can get no more ID tokens. The last token is valid until ${expiry}.`;
}
function iso(time) {
  return new Date(time).toISOString();
}

// src/refresh/spec.ts
function filesOf(targets) {
  return targets.flatMap(
    (target) => target.kind === "session" ? target.tokenFiles.map(({ file }) => file) : [target.file]
  );
}
function withoutFiles(targets, files) {
  let isNotRenewed = ({ file }) => !files.includes(file);
  return targets.flatMap((target) => {
    if (target.kind !== "session") return isNotRenewed(target) ? [target] : [];
    let tokenFiles = target.tokenFiles.filter(isNotRenewed);
    return tokenFiles.length > 0 ? [{ ...target, tokenFiles }] : [];
  });
}
function serializeRefreshSpec(spec) {
  let text = JSON.stringify(spec, function(name, value) {
    let original = this[name];
    return original instanceof Secret ? { $secret: original.reveal() } : original instanceof URL ? { $url: original.href } : value;
  });
  return new Secret(text);
}
function parseRefreshSpec(json) {
  try {
    return JSON.parse(json, (_name, value) => typeof value?.$secret == "string" ? new Secret(value.$secret) : typeof value?.$url == "string" ? new URL(value.$url) : value);
  } catch {
    throw new TypeError("The refresher received instructions that it cannot read.");
  }
}

export {
  needsRefresher,
  TOKEN_NAMES,
  runSchedule,
  filesOf,
  withoutFiles,
  serializeRefreshSpec,
  parseRefreshSpec
};
