// The doctor against the emulator, as a job would run it. Arguments order what it is to find: `npm run doctor -- rule clock`.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Job, startJob } from '../../emulator/runner/job.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server/start.ts';

interface Ailment {
  what: string;
  options?: EmulatorOptions;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  befall?: (emulator: Emulator, job: Job) => void;
}

const AILMENTS: Readonly<Record<string, Ailment>> = {
  input: { what: 'a region by its short name', inputs: { region: 'iad' } },
  permission: { what: 'no `id-token: write`', env: { ACTIONS_ID_TOKEN_REQUEST_URL: '' } },
  domain: { what: 'a domain that is not there', inputs: { 'domain-url': 'https://localhost:1' } },
  certificate: { what: 'a certificate of another host', options: { certificates: { domain: 'other-host' } } },
  clock: { what: 'a clock that is off', options: { clock: () => Date.now() + 180_000 } },
  client: { what: 'a wrong client secret', inputs: { 'client-secret': 'wrong-secret' } },
  rule: {
    what: 'a rule for another repository',
    options: { world: { rules: [{ rule: 'sub eq repo:acme/app:*', value: 'x' }] } },
  },
  keys: { what: 'signing keys that are not public', options: { world: { signingCertPublicAccess: false } } },
  role: { what: 'a role that trusts nobody', options: { world: { iamProviders: [] } } },
  profile: {
    what: 'a profile of that name already there',
    befall: (_emulator, { home }) => {
      mkdirSync(path.join(home, '.oci'), { mode: 0o700 });
      writeFileSync(path.join(home, '.oci/config'), '[DEFAULT]\nuser=me\n');
    },
  },
};

/** What a person would see in the job's log: masks are commands to the runner, and it hides what they name. */
function asLogged(stdout: string): string {
  const masked = [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value);
  const text = stdout.replaceAll(/^::add-mask::.*\n/gm, '').replaceAll(/^::error::/gm, 'Error: ');
  return masked.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

const names = process.argv.slice(2);
const chosen = names.map((name) => AILMENTS[name]);
if (chosen.includes(undefined)) {
  const list = Object.entries(AILMENTS).map(([name, { what }]) => `  ${name.padEnd(12)} ${what}`);
  console.error(`What may be wrong, any of:\n${list.join('\n')}`);
  process.exitCode = 2;
} else await consult(chosen.filter((one) => one !== undefined));

async function consult(ailments: readonly Ailment[]): Promise<void> {
  const options = ailments.map((one) => one.options);
  const world = Object.assign({}, ...options.map((one) => one?.world));
  const emulator = await startEmulator(Object.assign({}, ...options, { world }));
  const job = startJob({ env: { ...emulator.env, ...Object.assign({}, ...ailments.map(({ env }) => env)) } });
  try {
    for (const { befall } of ailments) befall?.(emulator, job);
    const before = existsSync(path.join(job.home, '.oci'));
    const inputs = Object.assign(
      {},
      emulator.inputs,
      emulator.awsInputs,
      ...ailments.map((one) => one.inputs),
    );
    const stage = await job.doctor({ ...inputs, 'retry-max-attempts': '1' });
    process.stdout.write(asLogged(stage.stdout));
    process.stderr.write(stage.stderr);
    if (existsSync(path.join(job.home, '.oci')) !== before) throw new Error('the doctor has left something');
    process.exitCode = stage.exitCode ?? 1;
  } finally {
    job.end();
    await emulator.close();
  }
}
