import {
  journalLine,
  readTerms,
  refresherFiles
} from "./shared-by-refresh-refresher+refresh-stop+refresher.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  parseObject,
  quote,
  systemClock
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/node/worker.ts
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Writable } from "node:stream";
var ANSWER = 3, LOOK_MS = 15e3, INSTRUCTIONS = 3;
function readInstructions(descriptor = 0) {
  return fs.readFileSync(descriptor, "utf8");
}
function readBeside(directory2, name) {
  return fs.readFileSync(path.join(directory2, name), "utf8");
}
function answer(text) {
  fs.writeSync(ANSWER, text), fs.closeSync(ANSWER);
}
function put(text) {
  fs.writeSync(1, text);
}
function runCode(code, args, input, { onLine, ending }) {
  return new Promise((resolve) => {
    let child = spawn(process.execPath, ["--input-type=module", "-", ...args], {
      stdio: ["pipe", "pipe", "inherit", "pipe"],
      windowsHide: !0
    }), end2 = () => child.kill("SIGKILL");
    ending.addEventListener("abort", end2, { once: !0 });
    let rest2 = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      let lines = (rest2 + text).split(`
`);
      rest2 = lines.pop() ?? "";
      for (let line of lines) onLine(line);
    }), feed(child.stdin, code), feed(child.stdio[INSTRUCTIONS], input);
    let settle = (how) => {
      ending.removeEventListener("abort", end2), resolve(how);
    };
    child.once("error", ({ message }) => settle(message)), child.once("close", (code2, signal) => settle(signal ?? `exit code ${code2}`));
  });
}
function feed(pipe, text) {
  pipe instanceof Writable && (pipe.on("error", () => {
  }), pipe.end(text));
}
function watch(directories, look2) {
  for (let directory2 of directories)
    try {
      fs.watch(directory2, { persistent: !1 }, look2).on("error", () => {
      });
    } catch {
    }
  look2();
}
function isThere(path2) {
  return fs.existsSync(path2);
}
function doze(milliseconds, ending) {
  return ending.aborted ? Promise.resolve() : new Promise((resolve) => {
    let wake = () => {
      clearTimeout(timer), ending.removeEventListener("abort", wake), resolve();
    }, timer = setTimeout(wake, Math.min(milliseconds, LOOK_MS));
    ending.addEventListener("abort", wake, { once: !0 });
  });
}
function onTermination(end2) {
  for (let signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.once(signal, () => end2(signal));
}

// src/refresh/result.ts
async function readResult(run, onLog) {
  let result, ended = await run((line) => {
    let { log, text, term } = parseObject(line) ?? {};
    typeof log == "string" && onLog(log), typeof text == "string" && (result = { text: quote(text, []), term: isTerm(term) ? term : void 0 });
  });
  return result ?? { term: void 0, text: `the process that renews ended without a word (${ended}).` };
}
function isTerm(value) {
  let { issuedAt, expiresAt } = Object(value);
  return Number.isFinite(issuedAt) && Number.isFinite(expiresAt);
}

// src/refresh/schedule.ts
var FIRST_PAUSE = 0.016666666666666666, LONGEST_PAUSE = 1 / 12, LEAST_LIFE_MS = 1e3, BEFORE_LAST_CHANCE = 1 / 20;
function planRefresh(session, now) {
  let { issuedAt, expiresAt, failures, lastChanceAt: lastChanceAt2 } = session, life = Math.max(expiresAt - issuedAt, LEAST_LIFE_MS);
  if (now >= lastChanceAt2) return { action: "give-up", why: "no-identity" };
  if (failures > 0 && now >= expiresAt + life) return { action: "give-up", why: "failed" };
  let due = Math.round(Math.min(dueAt(session, life), lastRenewal(session, life)));
  return now >= due ? { action: "renew" } : { action: "wait", until: Math.min(due, lastChanceAt2) };
}
function dueAt({ issuedAt, failures, failedAt = issuedAt, spread }, life) {
  if (failures === 0) return issuedAt + life * (0.6 - 0.05 * spread);
  let pause = Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
  return failedAt + life * pause * (1 - spread / 2);
}
function lastRenewal({ issuedAt, failures, lastChanceAt: lastChanceAt2 }, life) {
  if (failures > 0) return Number.POSITIVE_INFINITY;
  let at = lastChanceAt2 - life * BEFORE_LAST_CHANCE;
  return issuedAt < at ? at : Number.POSITIVE_INFINITY;
}

// src/refresh/run.ts
var NAMES = {
  session: "the session token",
  "id-token": "the job's token",
  "access-token": "the access token for AWS"
};
async function supervise(parts, terms2, lastChanceAt2) {
  let { ending, tell: tell2, clock, spread, doze: doze2 } = parts, common = { failures: 0, failedAt: void 0, lastChanceAt: lastChanceAt2, spread }, kept = Object.entries(terms2).map(
    ([name, term]) => ({ name, ...term, ...common })
  );
  for (; !ending.aborted; ) {
    let plans = kept.map((one) => ({ one, plan: planRefresh(one, clock.now()) }));
    for (let { one, plan } of plans) plan.action === "give-up" && tell2("note", farewell(one, plan));
    let due = plans.find(({ plan }) => plan.action === "renew")?.one;
    if (kept = plans.flatMap(({ one, plan }) => plan.action === "give-up" ? [] : [one]), kept.length === 0) return tell2("ended", "Nothing is left that could be renewed.");
    if (due === void 0) await doze2(nextWake(plans.map(({ plan }) => plan)) - clock.now(), ending);
    else {
      let result = await attempt(parts, due);
      kept = kept.map((one) => one === due ? result : one);
    }
  }
  tell2("ended", `Ended: ${String(ending.reason)}.`);
}
function nextWake(plans) {
  return Math.min(...plans.map((plan) => plan.action === "wait" ? plan.until : Number.POSITIVE_INFINITY));
}
async function attempt({ renew, tell: tell2, clock, ending }, due) {
  let { term, text } = await renew(due.name, (line) => tell2("line", line), ending);
  if (ending.aborted) return due;
  if (term !== void 0)
    return tell2("line", text), { ...due, ...term, failures: 0, failedAt: void 0 };
  let failedAt = clock.now(), failed = { ...due, failures: due.failures + 1, failedAt }, isOver = failedAt >= due.expiresAt, isNews = isOver && !((due.failedAt ?? 0) >= due.expiresAt), state = isOver ? `it ended at ${iso(due.expiresAt)}` : `it is good until ${iso(due.expiresAt)}`;
  return tell2(isNews ? "note" : "line", `${capitalised(NAMES[due.name])} could not be renewed (${state}): ${text}`), failed;
}
function farewell({ name, expiresAt }, { why }) {
  let what = capitalised(NAMES[name]);
  return why === "failed" ? `${what} is given up: it ended at ${iso(expiresAt)}, and every attempt since has failed.` : `${what} is renewed no more: what GitHub gave this job to ask for its identity with has expired. It is good until ${iso(expiresAt)}.`;
}
function iso(time) {
  return new Date(time).toISOString();
}
function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// src/refresher.ts
var order = readInstructions(), renewal = readBeside(import.meta.dirname, "renewal.js"), { directory, sessionDirectory, lastChanceAt, terms, keeps, ...rest } = readTerms(order), { stop } = refresherFiles({ directory, ...rest }), end = new AbortController(), tell = (kind, text, more = {}) => put(journalLine({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more })), wasGone = !1, look = () => {
  let isGone = sessionDirectory !== null && !isThere(sessionDirectory);
  isThere(stop) ? end.abort("the post step asked for it") : isThere(directory) ? isGone && wasGone && end.abort("the directory of the session is gone") : end.abort("its directory is gone"), wasGone = isGone;
};
tell("began", `Process ${process.pid} keeps fresh: ${keeps.join(", ")}`, { pid: process.pid, keeps });
answer("ready");
onTermination((signal) => {
  tell("note", `Something other than the post step has ended the renewal (${signal}).`), end.abort(signal);
});
watch([directory], look);
await supervise(
  {
    clock: systemClock,
    tell,
    spread: Math.random(),
    ending: end.signal,
    doze: async (milliseconds, ending) => {
      await doze(milliseconds, ending), look();
    },
    renew: (charge, onLine, ending) => readResult((take) => runCode(renewal, [charge], order, { onLine: take, ending }), onLine)
  },
  terms,
  lastChanceAt
);
process.exit();
