// `npm run doctor`: runs the doctor against the emulator. Arguments add problems to find: `npm run doctor -- rule clock`.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Job, startJob } from '../../emulator/runner/job.ts';
import { type EmulatorOptions, startEmulator } from '../../emulator/server/start.ts';
import { visibleLog } from './log.ts';

interface Problem {
  description: string;
  emulator?: EmulatorOptions;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  prepare?: (job: Job) => void;
}

const PROBLEMS: Readonly<Record<string, Problem>> = {
  input: { description: 'the region is a short name', inputs: { region: 'iad' } },
  permission: {
    description: 'the job has no `id-token: write`',
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: '' },
  },
  domain: {
    description: 'the domain cannot be reached',
    inputs: { 'domain-url': 'https://localhost:1' },
  },
  certificate: {
    description: 'the certificate of the domain is for another host',
    emulator: { certificates: { domain: 'other-host' } },
  },
  clock: {
    description: 'the clock of the runner is three minutes off',
    emulator: { clock: () => Date.now() + 180_000 },
  },
  client: { description: 'the client secret is wrong', inputs: { 'client-secret': 'wrong-secret' } },
  rule: {
    description: 'the rule of the trust is for another repository',
    emulator: { world: { rules: [{ rule: 'sub eq repo:acme/app:*', value: 'x' }] } },
  },
  audience: {
    description: 'the trust checks no audience',
    emulator: { world: { trusts: [{ clientClaimName: undefined }] } },
  },
  keys: {
    description: 'the signing keys of the domain are not public',
    emulator: { world: { signingCertPublicAccess: false } },
  },
  role: {
    description: 'the AWS account has no provider for the domain',
    emulator: { world: { iamProviders: [] } },
  },
  profile: {
    description: 'the profile exists already',
    prepare: ({ home }) => {
      mkdirSync(path.join(home, '.oci'), { mode: 0o700 });
      writeFileSync(path.join(home, '.oci/config'), '[DEFAULT]\nuser=me\n');
    },
  },
};

const problems = process.argv.slice(2).map((name) => PROBLEMS[name]);
if (problems.includes(undefined)) {
  const list = Object.entries(PROBLEMS).map(([name, one]) => `  ${name.padEnd(12)} ${one.description}`);
  console.error(`Usage: npm run doctor -- [problem ...]\n\nProblems:\n${list.join('\n')}`);
  process.exitCode = 2;
} else await runDoctor(problems.filter((problem) => problem !== undefined));

async function runDoctor(problems: readonly Problem[]): Promise<void> {
  const options = problems.map((problem) => problem.emulator ?? {});
  const world = Object.assign({}, ...options.map((one) => one.world));
  const emulator = await startEmulator(Object.assign({}, ...options, { world }));
  const env = Object.assign({}, emulator.env, ...problems.map((problem) => problem.env));
  const job = startJob({ env });
  try {
    for (const { prepare } of problems) prepare?.(job);
    const before = existsSync(path.join(job.home, '.oci'));
    const changes = problems.map((problem) => problem.inputs);
    const inputs = Object.assign({}, emulator.inputs, emulator.awsInputs, ...changes);
    const stage = await job.doctor({ ...inputs, 'retry-max-attempts': '1' });
    process.stdout.write(visibleLog(stage.stdout));
    process.stderr.write(stage.stderr);
    if (existsSync(path.join(job.home, '.oci')) !== before) throw new Error('the doctor left files behind');
    process.exitCode = stage.exitCode ?? 1;
  } finally {
    job.end();
    await emulator.close();
  }
}
