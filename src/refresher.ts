// The program that renews tokens in the background until the job ends. Main starts it; post stops it.
import { systemClock as clock } from './node/clock.ts';
import { nodeFiles as files } from './node/files.ts';
import { createHttp } from './node/http.ts';
import { createLock } from './node/lock.ts';
import { proxiesBy } from './node/proxy.ts';
import { readStandardInput, reportReady, watchForStop, writeLog } from './node/this-process.ts';
import { type EntryKind, formatEntry, type LogEntry } from './refresh/log.ts';
import { stopFileOf } from './refresh/process.ts';
import { renew } from './refresh/renew.ts';
import { runSchedule } from './refresh/run.ts';
import { filesOf, parseRefreshSpec } from './refresh/spec.ts';

const { pid } = process;
const spec = parseRefreshSpec(readStandardInput());
const disk = { files, clock, lock: createLock(clock) };
const proxyFor = proxiesBy(() => {}); // there is no runner that could mask the proxy's password

const log = (kind: EntryKind, text: string, more?: Pick<LogEntry, 'pid' | 'files'>) =>
  writeLog(formatEntry({ at: new Date(clock.now()).toISOString(), kind, text, ...more }));

/** Each renewal has `timeout-seconds` for itself. */
function httpForRenewal() {
  const { timeoutMs, ...limits } = spec.limits;
  const policy = { ...limits, deadline: clock.now() + timeoutMs };
  return createHttp({ policy, clock, log: (text) => log('info', text), proxyFor });
}

const targetFiles = filesOf(spec.targets);
log('started', `Process ${pid} renews ${targetFiles.join(', ')}`, { pid, files: targetFiles });
reportReady();
watchForStop({ ...spec, stopFile: stopFileOf(spec) }, (reason) => {
  log('stopped', `Stopped: ${reason}.`);
  process.exit();
});
await runSchedule(
  {
    clock,
    log,
    spread: Math.random(),
    renew: (target) => renew({ http: httpForRenewal(), disk, domainUrl: spec.domainUrl }, target),
  },
  spec,
);
