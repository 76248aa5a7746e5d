// The doctor: builds the real dependencies, runs the checks and reports them.
import { verdictOf } from './checks/check.ts';
import { runChecks } from './checks/doctor.ts';
import { httpFor, inputContext, proxyFor, readMaskedInput, requestSigner } from './dependencies.ts';
import { ActionError, toActionError } from './errors/action-error.ts';
import { githubIdTokens } from './github/id-token-source.ts';
import { jobIdentity, githubRunner as runner } from './github/runner.ts';
import { readPartialConfig } from './inputs/config.ts';
import { configWarnings } from './inputs/warnings.ts';
import { nodeFiles as files } from './node/files.ts';
import { findHomeDirectories } from './node/home-directories.ts';
import { createRunnerProcesses } from './node/runner-process.ts';
import { systemClock as clock } from './node/system.ts';
import { generateSessionKeyPair } from './oci/key-pair.ts';
import { createCheckLog, reportDoctor } from './report/doctor-report.ts';
import { logStack, reportFailure, withReason } from './report/failure.ts';

const keyPair = generateSessionKeyPair();
keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled

try {
  const homes = findHomeDirectories();
  const inputs = readPartialConfig(readMaskedInput, inputContext(homes));
  const { config, invalidInputs } = inputs;
  const reports = await runChecks({
    ...inputs,
    runner,
    findIdTokens: () => githubIdTokens(runner),
    requestSigner,
    http: httpFor(config),
    clock,
    files,
    jobId: jobIdentity(),
    runnerProcesses: createRunnerProcesses(),
    keyPair,
    homes,
    proxyFor,
    wantsRole: readMaskedInput('aws-role-arn') !== '',
    advice: invalidInputs.size === 0 ? configWarnings(config) : [],
    explain: async (failure) => (failure instanceof ActionError ? withReason(failure) : failure),
    report: createCheckLog(runner),
  });
  const result = verdictOf(reports);
  if (result === 'failure') process.exitCode = 1;
  reportDoctor(runner, reports, result);
  if (runner.isDebug()) {
    for (const { error } of reports) if (error !== undefined) logStack(runner, error);
  }
} catch (error) {
  process.exitCode = 1;
  await reportFailure(runner, toActionError(error), true);
}
