// Composes the real parts of a login and calls the one use case.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type ActionConfig, adviseOnConfig, readConfig } from '../config/action-config.ts';
import { INPUTS, type InputName, type InputRule } from '../config/inputs.ts';
import { toActionError } from '../errors.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { nodeFiles as files } from '../platform/files.ts';
import { findHomes } from '../platform/home.ts';
import { createHttp } from '../platform/http.ts';
import { createLock } from '../platform/lock.ts';
import { traceTo } from '../platform/trace.ts';
import { noteOnHomes } from '../profile/doors.ts';
import { isDebug, jobIdentity, readInput, githubRunner as runner } from '../runner/github-runner.ts';
import { proxyFor } from '../runner/proxy.ts';
import { Secret } from '../secret.ts';
import { type LoginParts, login } from '../usecase/login.ts';

/** Runs main; sets the exit code, never throws. */
export async function run(keyPair: Promise<KeyPair>): Promise<void> {
  try {
    const homes = findHomes();
    const { home } = homes;
    const config = readConfig(readMaskedInput, { home, workspace: runner.env('GITHUB_WORKSPACE') });
    for (const advice of adviseOnConfig(config)) runner.warning(advice);
    await login(compose(config, keyPair, home), config);
    const note = config.oci && noteOnHomes(config.oci.configFile, homes);
    if (note !== undefined) runner.info(note);
  } catch (error) {
    process.exitCode = 1;
    const { reportFailure } = await import('../runner/failure.ts');
    // As it was written: the failure may be that the inputs make no sense.
    await reportFailure(toActionError(error), readInput('summary') !== 'never');
  }
}

/** A secret is masked as it is read: from there on no fault of ours can print it. */
function readMaskedInput(name: InputName): string {
  const value = readInput(name);
  const { secret }: InputRule<unknown> = INPUTS[name];
  if (secret && value !== '') runner.mask(new Secret(value));
  return value;
}

function compose(config: ActionConfig, keyPair: Promise<KeyPair>, home: string | undefined): LoginParts {
  const { retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config;
  const policy = { maxAttempts, requestTimeoutMs, deadline: clock.now() + timeoutMs };
  const log = runner.info;
  const trace = isDebug() ? traceTo(runner.debug) : undefined;
  return {
    runner,
    clock,
    keyPair,
    home,
    temporary: runner.env('RUNNER_TEMP') || tmpdir(),
    http: createHttp({ policy, clock, log, trace, proxyFor: (url) => proxyFor(url, runner.mask) }),
    disk: { files, clock, lock: createLock(clock) },
    owner: { sessionId: randomBytes(8).toString('hex'), jobId: jobIdentity() },
  };
}
