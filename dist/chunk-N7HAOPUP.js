import {
  parseObject,
  quote
} from "./chunk-CZ73XQM7.js";
import {
  Secret
} from "./chunk-HDGVC6Q3.js";

// src/refresh/log.ts
var KINDS = ["began", "line", "note", "ended"];
function readJournal(text) {
  let read = text.split(`
`).filter((line) => line.trim() !== "").map((line) => ({ line, entry: parseEntry(line) }));
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    stray: read.filter(({ entry }) => entry === void 0).map(({ line }) => quote(line, []))
  };
}
function parseEntry(line) {
  let { at, text, kind, pid, keeps } = parseObject(line) ?? {};
  if (!(typeof at == "string" && typeof text == "string" && KINDS.includes(kind)) || pid !== void 0 && !(Number.isSafeInteger(pid) && pid > 1)) return;
  let entry = { at: quote(at, []), text: quote(text, []), kind: kind ?? "line" }, files = Array.isArray(keeps) ? keeps.filter((file) => typeof file == "string") : [];
  return pid === void 0 ? entry : { ...entry, pid, keeps: files };
}
function unfinished({
  entries
}) {
  let began = entries.findLast(({ kind }) => kind === "began"), last = entries.at(-1);
  if (!(began?.pid === void 0 || last === void 0 || last.kind === "ended"))
    return { pid: began.pid, lastSign: last.at, keeps: began.keeps ?? [] };
}

// src/refresh/process.ts
import path from "node:path";

// src/refresh/spec.ts
function writeOrder({ identity, domainUrl, charges, ...rest }) {
  let text = JSON.stringify({
    ...rest,
    identity: identity && { url: identity.url, requestToken: identity.requestToken.reveal() },
    domainUrl,
    charges: Object.fromEntries(
      Object.entries(charges).map(([name, charge]) => [name, "client" in charge ? exposed(charge) : charge])
    )
  });
  return new Secret(text);
}
function exposed(charge) {
  let { clientId, clientSecret } = charge.client;
  return { ...charge, client: { clientId, clientSecret: clientSecret.reveal() } };
}
function without(charges, kept) {
  let isOpen = (file) => !kept.includes(file), { session, "id-token": idToken, "access-token": accessToken } = charges, tokenFiles = session?.tokenFiles.filter(({ file }) => isOpen(file)) ?? [];
  return {
    ...session && tokenFiles.length > 0 && { session: { ...session, tokenFiles } },
    ...idToken && isOpen(idToken.file) && { "id-token": idToken },
    ...accessToken && isOpen(accessToken.file) && { "access-token": accessToken }
  };
}

// src/refresh/process.ts
var LOG = /^refresher-([0-9a-f]+)\.log$/;
function refresherFiles({ directory, loginId }) {
  return {
    log: path.join(directory, `refresher-${loginId}.log`),
    /** Its appearance ends the process. */
    stop: path.join(directory, `stop-${loginId}`)
  };
}
function refreshersIn(files, directory) {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}
function startRefresher(background, script, order) {
  let { log } = refresherFiles(order);
  return background.start({ script, mark: order.loginId, log, instructions: writeOrder(order) });
}

// src/refresh/stop.ts
var PATIENCE_MS = 3e3, PAUSE_MS = 10;
async function stopRefresher(parts, refresher) {
  let { files, background, clock } = parts, { pid, loginId: mark, directory } = refresher, { stop } = refresherFiles(refresher), hasEnded = async () => {
    for (let giveUpAt = clock.now() + PATIENCE_MS; clock.now() < giveUpAt; await clock.sleep(PAUSE_MS))
      if (!background.isRunning(pid, mark)) return !0;
    return !1;
  };
  return background.isRunning(pid, mark) ? (files.kind(directory) === "directory" && files.kind(stop) === "absent" && files.create(stop, ""), await hasEnded() ? "asked" : (background.kill(pid, mark), await hasEnded() ? "killed" : "stays")) : "gone";
}
function journalOf(files, refresher) {
  let { log } = refresherFiles(refresher), text = files.kind(log) === "file" ? Buffer.from(files.read(log)).toString("utf8") : "";
  return readJournal(text);
}
async function endRefresher(parts, refresher) {
  let { files, runner } = parts, ending = await stopRefresher(parts, refresher), journal = journalOf(files, refresher);
  files.remove(refresherFiles(refresher).log), reportRefresher(runner, refresher, journal, ending);
}
var MOST_LINES = 200, MOST_WARNINGS = 5;
function reportRefresher(runner, { pid }, journal, ending) {
  let { entries, stray } = journal, lines = [...entries.map(({ at, text }) => `${at} ${text}`), ...stray], hidden = lines.length - MOST_LINES, shown = hidden > 0 ? [`(${hidden} earlier lines are not shown)`, ...lines.slice(-MOST_LINES)] : lines;
  lines.length > 0 && runner.group(`What was renewed in the background: ${entries.length} lines`, shown);
  let warnings = [
    ...entries.filter(({ kind }) => kind === "note").map(({ at, text }) => `${at}: ${text}`),
    ...faultsOf(pid, journal, ending)
  ];
  for (let text of warnings.slice(-MOST_WARNINGS)) runner.warning(text);
  let more = warnings.length - MOST_WARNINGS;
  more > 0 && runner.warning(`And ${more} more of the kind before these: see the log of this step.`);
}
function faultsOf(pid, journal, ending) {
  let who = `The process ${pid}, which kept the session fresh,`;
  return ending === "gone" && unfinished(journal) !== void 0 ? [deathOf(journal)] : ending === "killed" ? [`${who} did not end when it was asked to, and was killed.`] : ending === "stays" ? [`${who} could not be ended; the runner ends it with the job.`] : [];
}
function deathOf(journal) {
  let { pid, lastSign } = unfinished(journal) ?? {};
  return `The process ${pid}, which kept the session fresh, was killed by something else: its last sign is of ${lastSign}. Nothing was renewed after that.`;
}

export {
  unfinished,
  without,
  refresherFiles,
  refreshersIn,
  startRefresher,
  stopRefresher,
  journalOf,
  endRefresher,
  deathOf
};
