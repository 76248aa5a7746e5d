// Composes the real parts of a login and calls the one use case.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type ActionConfig, readConfig } from '../config/action-config.ts';
import { adviseOnConfig } from '../config/advice.ts';
import { toActionError } from '../errors.ts';
import type { Homes } from '../location.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { nodeFiles as files } from '../platform/files.ts';
import { findHomes } from '../platform/home.ts';
import { createLock } from '../platform/lock.ts';
import { noteOnHomes } from '../profile/doors/homes.ts';
import { jobIdentity, readInput, githubRunner as runner } from '../runner/github-runner.ts';
import { type LoginParts, login } from '../usecase/login.ts';
import { httpFor, keeper, readMaskedInput } from './parts.ts';

/** Runs main; sets the exit code, never throws. */
export async function run(keyPair: Promise<KeyPair>): Promise<void> {
  try {
    const homes = findHomes();
    const config = readConfig(readMaskedInput, {
      home: homes.home,
      workspace: runner.env('GITHUB_WORKSPACE'),
    });
    for (const advice of adviseOnConfig(config)) runner.warning(advice);
    await login(compose(config, keyPair, homes), config);
    const note = config.oci && noteOnHomes(config.oci.configFile, homes, config.oci.exportFor);
    if (note !== undefined) runner.info(note);
  } catch (error) {
    process.exitCode = 1;
    const { reportFailure } = await import('../runner/failure.ts');
    // As it was written: the failure may be that the inputs make no sense.
    await reportFailure(toActionError(error), readInput('summary') !== 'never');
  }
}

function compose(config: ActionConfig, keyPair: Promise<KeyPair>, homes: Homes): LoginParts {
  return {
    runner,
    clock,
    keyPair,
    ...homes,
    temporary: runner.env('RUNNER_TEMP') || tmpdir(),
    http: httpFor(config),
    disk: { files, clock, lock: createLock(clock) },
    owner: { sessionId: randomBytes(8).toString('hex'), jobId: jobIdentity() },
    keeper,
  };
}
