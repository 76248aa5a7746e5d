// Statements of docs/security.md that no other test holds: who gets the client secret, and what post cannot undo.
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithProcfs } from '../unit/systems-with.ts';
import { logOf, maskedIn, startJourney, warningsOf } from './journey.ts';
import { refresherOf, until } from './refresher.ts';

/** The runner gives the inputs to both steps. The emulated one gives them only to main. */
const asInputs = (inputs: Record<string, string>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

const secretOf = (inputs: Record<string, string>) => inputs['client-secret'] ?? '';

describe('the client secret', () => {
  itWithProcfs('is in the environment of the login, and of no other process of the job', async () => {
    const { emulator, job, main, post } = await startJourney();
    const withSecret = () =>
      job.processes().filter(({ pid }) => {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return environment.includes(secretOf(emulator.inputs));
      });
    emulator.faults.add({ service: 'domain', times: 1, fault: { kind: 'stall-before-headers' } });
    const running = main({ refresh: 'true', 'request-timeout-seconds': '2' });
    await until(() => emulator.journal.some(({ service }) => service === 'domain'));
    expect(withSecret()).toHaveLength(1);
    const stage = await running;
    expect(stage.exitCode).toBe(0);
    expect(job.processes().map(({ pid }) => pid)).toEqual([refresherOf(stage).pid]);
    expect(withSecret()).toEqual([]);
    await post(stage);
  });

  it('is not exported for any client but Terraform', async () => {
    const { emulator, main, job } = await startJourney();
    const all = 'cli,terraform-session,ansible,resource-principal,ocir';
    expect((await main({ 'export-for': all })).exitCode).toBe(0);
    expect(JSON.stringify(job.env())).not.toContain(secretOf(emulator.inputs));
  });

  it('changes nothing in the post step, which has it as an input and does not show it', async () => {
    const { emulator, job, main, post } = await startJourney();
    const stage = await main();
    const wrong = { ...emulator.inputs, 'domain-url': 'https://elsewhere.example', profile: 'OTHER' };
    // Every file and the log are searched for secrets, with debug logging.
    const after = await post(stage, { env: asInputs(wrong) });
    expect([after.exitCode, after.stderr, warningsOf(after)]).toEqual([0, '', []]);
    expect(readdirSync(job.home)).toEqual([]);
  });
});

describe('the post step', () => {
  it('sends no request, and so cannot end the session: a copy of key and token stays', async () => {
    const { emulator, job, toAws, post } = await startJourney();
    const stage = await toAws({ 'aws-profile': 'deploy' });
    const copy = mkdtempSync(path.join(tmpdir(), 'copy-'));
    for (const name of ['private-key-file', 'security-token-file'])
      copyFileSync(stage.outputs[name] ?? '', path.join(copy, name));
    const requests = emulator.journal.length;
    expect((await post(stage)).exitCode).toBe(0);
    expect([emulator.journal.length, existsSync(path.join(job.home, '.oci'))]).toEqual([requests, false]);
    expect(readFileSync(path.join(copy, 'security-token-file'), 'utf8')).toBe(
      stage.outputs['security-token'],
    );
    rmSync(copy, { recursive: true });
  });

  it('can only empty variables, and prints no value of them', async () => {
    const { toAws, post } = await startJourney();
    const stage = await toAws();
    const { exported } = await post(stage);
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'OCI_CLI_PROFILE'])
      expect([name, exported[name]]).toEqual([name, '']);
  });
});

describe('the outputs', () => {
  const CREDENTIALS = ['security-token', 'aws-access-key-id', 'aws-secret-access-key', 'aws-session-token'];

  it('hold masked credentials by default, also in toJSON(steps), and none with `output-credentials: false`', async () => {
    const { toAws } = await startJourney();
    const stage = await toAws();
    const masked = maskedIn(stage);
    for (const name of CREDENTIALS) expect(masked).toContain(stage.outputs[name]);
    const steps = JSON.stringify({ oci: { outputs: stage.outputs } });
    for (const name of CREDENTIALS) expect(steps).toContain(stage.outputs[name]);
    const without = await toAws({ 'output-credentials': 'false' });
    expect(without.exitCode).toBe(0);
    expect(Object.keys(without.outputs).filter((name) => CREDENTIALS.includes(name))).toEqual([]);
  });
});

it('three inputs together keep secrets out of all outputs and variables', async () => {
  const { emulator, toAws } = await startJourney();
  const stage = await toAws({
    'output-credentials': 'false',
    'aws-export-environment': 'false',
    'aws-profile': 'deploy',
  });
  expect(stage.exitCode).toBe(0);
  const text = JSON.stringify([stage.outputs, stage.exported]);
  const secrets = [...emulator.secrets(), ...maskedIn(stage).filter((value) => !value.startsWith('-----'))];
  expect(secrets.length).toBeGreaterThan(10);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});

describe('debug logging', () => {
  it('shows paths of requests, and no part of a token, also when the login fails', async () => {
    const { emulator, main } = await startJourney();
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 401 } });
    const stage = await main({ 'retry-max-attempts': '1' });
    expect(stage.exitCode).toBe(1);
    const [jwt = ''] = maskedIn(stage).filter(
      (text) => text.split('.').length === 3 && text.startsWith('ey'),
    );
    const parts = jwt.split('.').filter((part) => part.length > 40);
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(logOf(stage)).not.toContain(part);
  });
});

describe('the refresher', () => {
  itWithProcfs('listens on no port, also while it sends a request', async () => {
    const { emulator, main, post } = await startJourney({ world: { upstLifetimeSeconds: 4 } });
    const stage = await main({ refresh: 'true' });
    expect(stage.exitCode).toBe(0);
    const { pid, isRunning } = refresherOf(stage);
    const listening = () => {
      const tables = ['tcp', 'tcp6']
        .map((name) => `/proc/${pid}/net/${name}`)
        .filter((name) => existsSync(name));
      const rows = tables.flatMap((name) => readFileSync(name, 'utf8').split('\n').slice(1));
      const inodes = rows.map((row) => row.trim().split(/\s+/)).filter(([, , , state]) => state === '0A');
      const directory = `/proc/${pid}/fd`;
      const open = readdirSync(directory).map((name) => {
        try {
          return readlinkSync(path.join(directory, name));
        } catch {
          return ''; // closed meanwhile
        }
      });
      return inodes.filter((row) => open.includes(`socket:[${row[9]}]`));
    };
    const renewals = emulator.journal.length;
    while (emulator.journal.length < renewals + 2) {
      expect(listening()).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(isRunning()).toBe(true);
    await post(stage);
  });
});
