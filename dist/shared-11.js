import {
  toClientCredentials
} from "./shared-2.js";
import {
  parseObject,
  toActionError
} from "./shared-6.js";
import {
  Secret
} from "./shared-12.js";

// src/refresh/schedule.ts
var FIRST_PAUSE = 0.016666666666666666, LONGEST_PAUSE = 1 / 12, MIN_LIFETIME_MS = 1e3, BEFORE_LAST_RENEWAL = 1 / 20;
function nextAction(state, now) {
  let { issuedAt, expiresAt, failures, renewableUntil } = state, lifetime = Math.max(expiresAt - issuedAt, MIN_LIFETIME_MS);
  if (now >= renewableUntil) return { action: "give-up", why: "request-token-expired" };
  if (failures > 0 && now >= expiresAt + lifetime) return { action: "give-up", why: "failed" };
  let dueAt = Math.round(Math.min(regularRenewal(state, lifetime), lastRenewal(state, lifetime)));
  return now >= dueAt ? { action: "renew" } : { action: "wait", until: Math.min(dueAt, renewableUntil) };
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
  "id-token": "GitHub's ID token",
  "access-token": "the access token for AWS"
}, LONGEST_SLEEP_MS = 6e4;
async function runSchedule(deps, { targets, renewableUntil }) {
  let { clock, log, spread } = deps, active = targets.map((target) => ({ target, ...target.validity, failures: 0, failedAt: void 0, renewableUntil, spread }));
  for (; ; ) {
    let now = clock.now(), next = active.map((one) => ({ one, ...nextAction(one, now) }));
    for (let item of next) item.action === "give-up" && log("warning", givenUp(item.one, item.why));
    let due = next.find(({ action }) => action === "renew")?.one;
    if (active = next.flatMap(({ one, action }) => action === "give-up" ? [] : [one]), active.length === 0) return log("completed", "Nothing is left to renew.");
    if (due === void 0) {
      let wakeAt = Math.min(...next.flatMap((item) => item.action === "wait" ? [item.until] : []));
      await clock.sleep(Math.min(wakeAt - now, LONGEST_SLEEP_MS));
    } else {
      let result = await attempt(deps, due);
      active = active.map((one) => one === due ? result : one);
    }
  }
}
async function attempt({ renew, log, clock }, due) {
  try {
    let { validity, text: text2 } = await renew(due.target);
    return log("info", text2), { ...due, ...validity, failures: 0, failedAt: void 0 };
  } catch (error) {
    let failedAt = clock.now(), hasExpired = failedAt >= due.expiresAt, isNew = hasExpired && (due.failedAt === void 0 || due.failedAt < due.expiresAt), state = `${hasExpired ? "it expired at" : "it is valid until"} ${iso(due.expiresAt)}`;
    return log(isNew ? "warning" : "info", `Could not renew ${nameOf(due)} (${state}): ${describe(error)}`), { ...due, failures: due.failures + 1, failedAt };
  }
}
function describe(error) {
  let { code, message, requestId } = toActionError(error);
  return `${code}: ${message}${requestId === void 0 ? "" : ` Request ID: ${requestId}.`}`;
}
function givenUp(one, why) {
  let expiry = iso(one.expiresAt);
  return why === "failed" ? `Gave up renewing ${nameOf(one)}: it expired at ${expiry}, and every attempt since then failed.` : `Stopped renewing ${nameOf(one)}: the job's token for requesting GitHub ID tokens has expired. It is valid until ${expiry}.`;
}
var nameOf = ({ target }) => TOKEN_NAMES[target.kind];
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
  let isOpen = ({ file }) => !files.includes(file);
  return targets.flatMap((target) => {
    if (target.kind !== "session") return isOpen(target) ? [target] : [];
    let tokenFiles = target.tokenFiles.filter(isOpen);
    return tokenFiles.length > 0 ? [{ ...target, tokenFiles }] : [];
  });
}
function serializeRefreshSpec(spec) {
  let text2 = JSON.stringify(spec, function(key, value) {
    let original = this[key];
    return original instanceof Secret ? original.reveal() : value;
  });
  return new Secret(text2);
}
function parseRefreshSpec(json) {
  let spec = object({ spec: parseObject(json) }, "spec"), limits = object(spec, "limits");
  return {
    loginId: text(spec, "loginId"),
    directory: text(spec, "directory"),
    sessionDirectory: optional(text)(spec, "sessionDirectory"),
    domainUrl: new URL(text(spec, "domainUrl")),
    limits: {
      maxAttempts: number(limits, "maxAttempts"),
      requestTimeoutMs: number(limits, "requestTimeoutMs"),
      timeoutMs: number(limits, "timeoutMs")
    },
    renewableUntil: number(spec, "renewableUntil"),
    targets: list(spec, "targets").map(parseTarget)
  };
}
function parseTarget(target) {
  let kind = text(target, "kind"), times = object(target, "validity"), validity = { issuedAt: number(times, "issuedAt"), expiresAt: number(times, "expiresAt") };
  if (kind === "session") return parseSessionTarget(target, validity);
  let fileTarget = { validity, file: text(target, "file"), audience: text(target, "audience") };
  if (kind === "id-token") return { kind, ...fileTarget, source: source(target, "source") };
  if (kind === "access-token")
    return { kind, ...fileTarget, client: client(target, "client"), scope: text(target, "scope") };
  throw invalid("kind");
}
function parseSessionTarget(target, validity) {
  let [config, publicKey] = [object(target, "config"), object(target, "publicKey")], publicJwk = object(publicKey, "publicJwk"), resource = optional(object)(config, "resource");
  return {
    kind: "session",
    validity,
    source: source(target, "source"),
    client: client(target, "client"),
    config: {
      audience: text(config, "audience"),
      tenancy: optional(text)(config, "tenancy"),
      resource: resource && {
        type: text(resource, "type"),
        lifetimeSeconds: optional(number)(resource, "lifetimeSeconds")
      }
    },
    publicKey: {
      publicKeyBase64: text(publicKey, "publicKeyBase64"),
      publicJwk: { n: text(publicJwk, "n"), e: text(publicJwk, "e") }
    },
    tokenFiles: list(target, "tokenFiles").map((one) => ({
      file: text(one, "file"),
      keyFile: text(one, "keyFile"),
      lock: optional(text)(one, "lock") ?? null
    }))
  };
}
function source(from, name) {
  let members = object(from, name);
  return { url: new URL(text(members, "url")), requestToken: new Secret(text(members, "requestToken")) };
}
function client(from, name) {
  let members = object(from, name);
  return toClientCredentials(text(members, "clientId"), new Secret(text(members, "clientSecret")));
}
var text = member((value) => typeof value == "string"), number = member((value) => typeof value == "number"), isMembers = (value) => typeof value == "object" && value !== null && !Array.isArray(value), object = member(isMembers), list = member((value) => Array.isArray(value) && value.every(isMembers));
function member(is) {
  return (from, name) => {
    let value = from[name];
    if (!is(value)) throw invalid(name);
    return value;
  };
}
function optional(parse) {
  return (from, name) => from[name] === void 0 || from[name] === null ? void 0 : parse(from, name);
}
function invalid(name) {
  return new TypeError(`The refresh spec has no valid \`${name}\`.`);
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
