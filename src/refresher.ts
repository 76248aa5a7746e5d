// The program that renews tokens in the background until the job ends. Main starts it; post stops it.

import { nodeFiles as files } from './node/files.ts';
import { createHttp } from './node/http.ts';
import { createLock } from './node/lock.ts';
import { readInstructions, reportReady, watchForStop, writeLog } from './node/processes.ts';
import { proxiesBy } from './node/proxy.ts';
import { createForwardClock, systemClock } from './node/system.ts';
import { type EntryKind, formatEntry, type LogEntry } from './refresh/log.ts';
import { renew } from './refresh/renew.ts';
import { runSchedule } from './refresh/run.ts';
import { filesOf, parseRefreshSpec } from './refresh/spec.ts';

const { pid } = process;
const spec = parseRefreshSpec(readInstructions());
const clock = createForwardClock(systemClock);
const disk = { files, clock, lock: createLock(systemClock) };
const proxyFor = proxiesBy(() => {}); // there is no runner that could mask the proxy's password

const log = (kind: EntryKind, text: string, more?: Pick<LogEntry, 'pid' | 'files'>) =>
  writeLog(formatEntry({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more }));

/** Each renewal has a deadline of its own. */
function httpFor(limitMs: number) {
  const { timeoutMs, ...limits } = spec.limits;
  const policy = { ...limits, deadline: clock.now() + Math.min(timeoutMs, limitMs) };
  return createHttp({ policy, clock, log: (text) => log('info', text), proxyFor });
}

const targetFiles = filesOf(spec.targets);
log('started', `Process ${pid} renews ${targetFiles.join(', ')}`, { pid, files: targetFiles });
watchForStop(spec, (reason) => {
  log('stopped', `Stopped: ${reason}.`);
  process.exit();
});
reportReady();
await runSchedule(
  {
    clock,
    log,
    spread: Math.random(),
    renew: (target, limitMs) => renew({ http: httpFor(limitMs), disk, domainUrl: spec.domainUrl }, target),
  },
  spec,
);
