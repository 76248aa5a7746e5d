// The process in the background: composes what it waits and works with. Kept small: it stays as long as the job runs.
import { systemClock as clock } from './node/clock.ts';
import {
  answer,
  doze,
  isThere,
  onTermination,
  put,
  readBeside,
  readInstructions,
  runCode,
  watch,
} from './node/worker.ts';
import { type Entry, journalLine } from './refresh/log.ts';
import { refresherFiles } from './refresh/process.ts';
import { readResult } from './refresh/result.ts';
import { supervise } from './refresh/run.ts';
import { readTerms } from './refresh/spec.ts';

const order = readInstructions();
const renewal = readBeside(import.meta.dirname, 'renewal.js');
const { directory, sessionDirectory, lastChanceAt, terms, keeps, ...rest } = readTerms(order);
const { stop } = refresherFiles({ directory, ...rest });
const end = new AbortController();
const tell = (kind: Entry['kind'], text: string, more: Partial<Entry> = {}) =>
  put(journalLine({ at: new Date(clock.now()).toISOString(), kind, text, ...more }));

let wasGone = false; // and is so again: another login takes the place of a session by renaming
const look = () => {
  const isGone = sessionDirectory !== null && !isThere(sessionDirectory);
  if (isThere(stop)) end.abort('the post step asked for it');
  else if (!isThere(directory)) end.abort('its directory is gone');
  else if (isGone && wasGone) end.abort('the directory of the session is gone');
  wasGone = isGone;
};

tell('began', `Process ${process.pid} keeps fresh: ${keeps.join(', ')}`, { pid: process.pid, keeps });
answer('ready');
onTermination((signal) => {
  tell('note', `Something other than the post step has ended the renewal (${signal}).`);
  end.abort(signal);
});
watch([directory], look);
await supervise(
  {
    clock,
    tell,
    spread: Math.random(),
    ending: end.signal,
    doze: async (milliseconds, ending) => {
      await doze(milliseconds, ending);
      look();
    },
    renew: (charge, onLine, ending) =>
      readResult((take) => runCode(renewal, [charge], order, { onLine: take, ending }), onLine),
  },
  terms,
  lastChanceAt,
);
process.exit(); // what is watched would keep it alive
