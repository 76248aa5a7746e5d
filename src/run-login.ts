// The main step: builds the real dependencies, logs in and reports a failure.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { httpFor, inputContext, readMaskedInput, requestSigner } from './dependencies.ts';
import { toActionError } from './errors/action-error.ts';
import { githubIdTokens } from './github/id-token-source.ts';
import { jobIdentity, readInput, githubRunner as runner } from './github/runner.ts';
import { readConfig } from './inputs/config.ts';
import { configWarnings, homeDirectoryNote } from './inputs/warnings.ts';
import { login } from './login/login.ts';
import { nodeFiles as files } from './node/files.ts';
import { findHomeDirectories } from './node/home-directories.ts';
import { createLock } from './node/lock.ts';
import { createBackground, exitWhenWritten } from './node/processes.ts';
import { createRunnerProcesses } from './node/runner-process.ts';
import { systemClock as clock } from './node/system.ts';
import type { KeyPair } from './oci/key-pair.ts';
import { reportFailure } from './report/failure.ts';

/** Runs main; sets the exit code, never throws. */
export async function run(keyPair: Promise<KeyPair>): Promise<void> {
  try {
    const homes = findHomeDirectories();
    const config = readConfig(readMaskedInput, inputContext(homes));
    for (const warning of configWarnings(config)) runner.warning(warning);
    const background = createBackground(process.env);
    const script = (name: string) => path.join(import.meta.dirname, name);
    const findIdTokens = () => githubIdTokens(runner);
    const deps = {
      runner,
      clock,
      findIdTokens,
      requestSigner,
      keyPair,
      ...homes,
      temporary: runner.env('RUNNER_TEMP') || tmpdir(),
      http: httpFor(config),
      disk: { files, clock, lock: createLock(clock) },
      owner: { loginId: randomBytes(8).toString('hex'), jobId: jobIdentity() },
      runnerProcesses: createRunnerProcesses(),
      refresher: {
        ...{ runner, files, clock, background, findIdTokens },
        program: [script('refresher.js')],
        until: 'until the job ends. The post step shows its log',
      },
      programs: {
        node: process.execPath,
        kubectlToken: [script('kubectl-token.js')],
        dockerCredential: [script('docker-credential.js')],
      },
    };
    await login(deps, config);
    const note = config.oci && homeDirectoryNote(config.oci.configFile, homes);
    if (note !== undefined) runner.info(note);
  } catch (error) {
    process.exitCode = 1;
    // The raw input, because the config may be what failed.
    await reportFailure(runner, toActionError(error), readInput('summary') !== 'never');
    exitWhenWritten(); // the login to the other cloud may still be waiting for a response
  }
}
