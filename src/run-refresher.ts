// Renews tokens in the background until the job ends. Main, or `oci-wif login`, starts this process.
import { signersOf } from './login/signers.ts';
import { nodeFiles as files } from './node/files.ts';
import { createHttp } from './node/http.ts';
import { createLock } from './node/lock.ts';
import { readInstructions, reportReady, watchForStop, writeLog } from './node/processes.ts';
import { proxiesBy } from './node/proxy.ts';
import { createForwardClock, systemClock } from './node/system.ts';
import { type EntryKind, formatEntry, type LogEntry } from './refresh/log.ts';
import { type RenewDeps, renew } from './refresh/renew.ts';
import { runSchedule } from './refresh/run.ts';
import { filesOf, parseRefreshSpec, type RefreshSpec } from './refresh/spec.ts';

type Log = (kind: EntryKind, text: string) => void;

const requestSigner = signersOf((name) => process.env[name], files);

/** Renews every token of the spec. Ends when nothing is left to renew. Never throws. */
export async function runRenewals(
  spec: RefreshSpec,
  { idTokensFrom, log }: Pick<RenewDeps, 'idTokensFrom'> & { log: Log },
): Promise<void> {
  const clock = createForwardClock(systemClock);
  const disk = { files, clock, lock: createLock(systemClock) };
  const proxyFor = proxiesBy(() => {}); // there is no runner that could mask the proxy's password
  /** Each renewal has a deadline of its own. */
  const httpFor = (limitMs: number) => {
    const { timeoutMs, ...limits } = spec.limits;
    const policy = { ...limits, deadline: clock.now() + Math.min(timeoutMs, limitMs) };
    return createHttp({ policy, clock, log: (text) => log('info', text), proxyFor });
  };
  const { domainUrl } = spec;
  await runSchedule(
    {
      clock,
      log,
      spread: Math.random(),
      renew: (target, limitMs) =>
        renew({ http: httpFor(limitMs), disk, domainUrl, idTokensFrom, requestSigner }, target),
    },
    spec,
  );
}

/** The program: reads its instructions, and writes its log to standard output. */
export async function runRefresher(idTokensFrom: RenewDeps['idTokensFrom']): Promise<void> {
  const { pid } = process;
  const spec = parseRefreshSpec(readInstructions());
  const log = (kind: EntryKind, text: string, more?: Pick<LogEntry, 'pid' | 'files'>) =>
    writeLog(formatEntry({ at: new Date(systemClock.now()).toISOString(), kind, text, ...more }));
  const targetFiles = filesOf(spec.targets);
  // Later steps can remove the files of the action, so all code is loaded before they run.
  if (spec.targets.some((target) => target.kind === 'session' && target.client.kind !== 'secret'))
    await import('./login/request-signer.ts');
  log('started', `Process ${pid} renews ${targetFiles.join(', ')}`, { pid, files: targetFiles });
  watchForStop(spec, (reason) => {
    log('stopped', `Stopped: ${reason}.`);
    process.exit();
  });
  reportReady();
  await runRenewals(spec, { idTokensFrom, log });
}
