// Where the runner starts the doctor: composes the real parts and calls the one use case.

import { verdictOf } from '../checkup/checkup.ts';
import { examine } from '../checkup/doctor.ts';
import { adviseOnConfig } from '../config/advice.ts';
import { readTolerantly } from '../config/tolerant-config.ts';
import { toActionError } from '../errors.ts';
import { generateSessionKeyPair } from '../oci/key-pair.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { nodeFiles as files } from '../platform/files.ts';
import { findHomes } from '../platform/home.ts';
import { assertWritable } from '../platform/writable.ts';
import { reportCheckup, rowWriter } from '../runner/checkup-report.ts';
import { isDebug, githubRunner as runner } from '../runner/github-runner.ts';
import { httpFor, proxyFor, readMaskedInput } from './parts.ts';

const keyPair = generateSessionKeyPair();
keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled

try {
  const homes = findHomes();
  const surroundings = { home: homes.home, workspace: runner.env('GITHUB_WORKSPACE') };
  const inputs = readTolerantly(readMaskedInput, surroundings);
  const { config, doubtful } = inputs;
  const advice = doubtful.size === 0 ? adviseOnConfig(config) : [];
  const wantsRole = readMaskedInput('aws-role-arn') !== '';
  const parts = {
    runner,
    clock,
    files,
    keyPair,
    homes,
    assertWritable,
    proxyFor,
    tell: rowWriter(),
  };
  const findings = await examine({ ...parts, http: httpFor(config) }, { ...inputs, advice, wantsRole });
  const result = verdictOf(findings);
  if (result === 'failure') process.exitCode = 1;
  await reportCheckup(findings, result);
  if (isDebug()) {
    const { reportStack } = await import('../runner/failure.ts');
    for (const { error } of findings) if (error !== undefined) reportStack(error);
  }
} catch (error) {
  process.exitCode = 1;
  const { reportFailure } = await import('../runner/failure.ts');
  await reportFailure(toActionError(error), true);
}
