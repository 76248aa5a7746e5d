import {
  readJournal,
  refresherFiles,
  unfinished
} from "./shared-by-refresh-refresher+refresh-stop+refresher.js";

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
  stopRefresher,
  journalOf,
  endRefresher,
  deathOf
};
