// The process that renews the tokens of `oci-wif login`: what it gets, and how it ends.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import { startMachine } from '../../../emulator/machines/machine.ts';
import { until } from '../../e2e/refresher.ts';
import { itWithProcfs } from '../../unit/systems-with.ts';
import { type Host, hostOf, readHome, startHost } from './host.ts';

const SHORT = { upstLifetimeSeconds: 15, githubJwtLifetimeSeconds: 60 };
const WITHOUT_GITHUB = {
  GITHUB_ACTIONS: '',
  ACTIONS_ID_TOKEN_REQUEST_URL: '',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: '',
};
const token = (host: Host) => readHome(host, '.oci/sessions/DEFAULT/token');

describe('the refresher of login', () => {
  itWithProcfs('renews the session past its end until logout stops it', async () => {
    const host = await startHost({ world: SHORT });
    const before = host.trees();
    const { json, stderr } = await host.login();
    expect([json.renewed, stderr]).toEqual([
      true,
      expect.stringContaining('until `oci-wif logout`, for 24 hours at most.'),
    ]);
    const key = readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem');
    const first = token(host);
    await until(() => token(host) !== first);
    const second = token(host);
    await until(() => token(host) !== second);
    expect(readHome(host, '.oci/sessions/DEFAULT/oci_api_key.pem')).toBe(key);
    expect(host.processes()).toHaveLength(1);
    const logout = await host.logout();
    expect([logout.exitCode, logout.stderr, host.processes()]).toEqual([0, '', []]);
    expect(host.trees()).toEqual(before);
  });

  itWithProcfs(
    'runs the command of --id-token-command with the environment of the job, and has none of it itself',
    async () => {
      const host = await startHost({ world: SHORT });
      const code = `
      const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = process.env;
      const headers = { authorization: 'Bearer ' + bearer };
      fetch(url + '&audience=' + encodeURIComponent('${host.emulator.inputs.audience}'), { headers })
        .then((response) => response.json())
        .then(({ value }) => process.stdout.write(value));
    `;
      await host.login(['--id-token-command', JSON.stringify([process.execPath, '-e', code])]);
      const first = token(host);
      const [{ pid } = { pid: 0 }] = host.processes();
      const seen = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${pid}/${name}`, 'latin1'));
      const secrets = host.emulator.secrets();
      expect(secrets.filter((secret) => seen.some((text) => text.includes(secret)))).toEqual([]);
      expect(seen[1]).not.toMatch(/OCI_|ACTIONS_/);
      await until(() => token(host) !== first);
      expect((await host.logout()).stderr).toBe('');
    },
  );

  itWithProcfs.each(['the directory of the session', 'the directory of the key'])(
    'ends when %s is gone',
    async (what) => {
      const host = await startHost({ world: SHORT });
      await host.login();
      const [session = ''] = readdirSync(host.temp);
      const gone = what.endsWith('key')
        ? path.join(host.home, '.oci/sessions/DEFAULT')
        : path.join(host.temp, session);
      rmSync(gone, { recursive: true });
      await until(() => host.processes().length === 0);
      expect((await host.logout()).exitCode).toBe(0);
      expect(Object.keys(host.trees().temp)).toEqual([]);
    },
  );

  itWithProcfs(
    'ends when the only token of a job on GitLab has expired, and logout repeats its warning',
    async () => {
      const { emulator } = await startHost({ world: { upstLifetimeSeconds: 12 } });
      const machine = await startMachine(emulator, 'gitlab', { lifetimeSeconds: 20 });
      const host = hostOf(emulator);
      const env = { ...machine.env(), HOME: host.home, TMPDIR: host.temp, ...WITHOUT_GITHUB };
      const before = host.trees();
      const { json } = await host.login([], { env });
      expect(json.renewed).toBe(true);
      const pids = () => machine.processes().length + host.processes().length;
      await until(() => pids() === 0);
      const { exitCode, stderr } = await host.logout([], { env });
      expect([exitCode, stderr]).toEqual([
        0,
        expect.stringMatching(
          /^warning: .*Stopped renewing the OCI session token: the job can get no more ID tokens/,
        ),
      ]);
      expect(host.trees()).toEqual(before);
      machine.end();
    },
  );

  itWithProcfs('is one process for repeated logins, and a new one when something has killed it', async () => {
    const host = await startHost({ world: SHORT });
    const before = host.trees();
    await host.login();
    const [first = { pid: 0 }] = host.processes();
    await host.login();
    expect(host.processes().map(({ pid }) => pid)).toEqual([first.pid]);
    process.kill(first.pid, 'SIGKILL');
    await until(() => host.processes().length === 0);
    const { stderr } = await host.login();
    expect(stderr).toContain(`The refresher (process ${first.pid}) ended unexpectedly`);
    expect(host.processes()).toHaveLength(1);
    expect((await host.logout()).exitCode).toBe(0);
    expect([host.processes(), host.trees()]).toEqual([[], before]);
  });

  itWithProcfs('is stopped by its log when the record of the login is lost', async () => {
    const host = await startHost({ world: SHORT });
    const before = host.trees();
    await host.login();
    const [session = ''] = readdirSync(host.temp);
    rmSync(path.join(host.temp, session, 'state.json'));
    expect((await host.logout()).exitCode).toBe(0);
    expect([host.processes(), host.trees()]).toEqual([[], before]);
  });
});
