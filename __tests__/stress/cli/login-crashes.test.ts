// `login` is killed or interrupted at every call that changes the disk or sends something. `logout` restores everything.
import { describe, expect, it } from '@jest/globals';
import { type Host, hostOf, startHost } from '../../cli/login/host.ts';
import { type Call, openFaultHook, type Plan } from '../crashes/fault-hook.ts';
import { EMPTY, furnish, type Setting, USER_SECTION } from '../crashes/homes.ts';
import { crashPlans } from '../crashes/scene.ts';
import { figure } from '../figures.ts';

type Setup = Pick<Setting, 'title' | 'files'> & { options: (host: Host) => string[] };

const toAws = ({ emulator }: Host) =>
  Object.entries(emulator.awsInputs).flatMap(([name, value]) => [`--${name}`, value]);

const SETUPS: Setup[] = [
  { ...EMPTY, options: () => ['--for', 'cli,resource-principal'] },
  { ...USER_SECTION, options: () => ['--overwrite-profile'] },
  {
    title: 'a login to two clouds with a refresher',
    files: { '.oci/config': '[OTHER]\nx=1\n' },
    options: (host) => [
      ...toAws(host),
      ...['--refresh', 'true', '--aws-profile', 'deploy', '--aws-credential-source', 'web-identity'],
    ],
  },
];

interface Scene {
  host: Host;
  before: ReturnType<Host['trees']>;
  login(plan?: Plan): Promise<Run>;
  logout(plan?: Plan): Promise<Run>;
}

interface Run {
  calls: Call[];
  crash: string;
  ended: Awaited<ReturnType<Host['run']>>;
}

function openScene(emulator: Host['emulator'], { files, options }: Setup): Scene {
  const host = hostOf(emulator);
  furnish(host.home, { files, title: '', inputs: {}, toAws: false });
  const before = host.trees();
  const run = async (args: readonly string[], plan: Plan = {}) => {
    const hook = openFaultHook(plan);
    const ended = await host.run(args, { env: hook.env });
    const { calls } = hook.read();
    return { ended, calls, crash: describePlan(plan, calls) };
  };
  return {
    host,
    before,
    login: (plan) => run(['login', ...options(host)], plan),
    logout: (plan) => run(['logout'], plan),
  };
}

function describePlan({ at, when = 'before', signal = 'SIGKILL' }: Plan, calls: readonly Call[]): string {
  const { call, path } = calls.find(({ n }) => n === at) ?? { call: 'no call', path: '' };
  return at === undefined ? 'not killed' : `${signal} ${when} call ${at}, ${call} ${path}`;
}

/** Everything is as before; a process that was killed at once may have left a directory without a secret. */
async function expectRestored({ host, before }: Scene, crash: string): Promise<void> {
  const { home, temp } = host.trees();
  const left = Object.entries(temp).filter(
    ([name, what]) =>
      !/^oci-wif-action-\w+(\/starting-\w+\.json~)?$/.test(name) || !/^(700 directory|600 )/.test(what),
  );
  expect([crash, home, left]).toEqual([crash, before.home, []]);
  const giveUpAt = Date.now() + 10_000;
  while (host.processes().length > 0 && Date.now() < giveUpAt)
    await new Promise((done) => setTimeout(done, 20));
  expect([crash, host.processes()]).toEqual([crash, []]);
}

describe('a login', () => {
  it.each(SETUPS)('that is killed at any call is removed by logout: $title', async (setup) => {
    const { emulator } = await startHost();
    const whole = openScene(emulator, setup);
    const { calls, ended } = await whole.login();
    expect([ended.exitCode, ended.stderr]).toEqual([0, expect.any(String)]);
    whole.host.end();
    const plans = crashPlans(calls);
    for (const plan of plans) {
      const scene = openScene(emulator, setup);
      const killed = await scene.login(plan);
      expect([killed.crash, killed.ended.endedBy]).toEqual([killed.crash, 'SIGKILL']);
      const { ended: logout } = await scene.logout();
      expect([killed.crash, logout.exitCode, logout.stderr]).toEqual([killed.crash, 0, expect.any(String)]);
      await expectRestored(scene, killed.crash);
      scene.host.end();
    }
    expect(plans.length).toBeGreaterThan(30);
    figure('crashes', `oci-wif login, ${setup.title}: killed, then logout`, plans.length);
  });

  it('that is interrupted by SIGINT or SIGTERM at any call removes what it has written', async () => {
    const { emulator } = await startHost();
    const [, setup = SETUPS[0]] = SETUPS;
    if (setup === undefined) throw new Error('there is no setup');
    const whole = openScene(emulator, setup);
    const { calls } = await whole.login();
    whole.host.end();
    for (const { n: at } of calls) {
      const signal = at % 2 === 0 ? 'SIGINT' : 'SIGTERM';
      const scene = openScene(emulator, setup);
      const { ended, crash } = await scene.login({ at, signal });
      expect([crash, ended.endedBy, ended.stdout]).toEqual([crash, signal, '']);
      await expectRestored(scene, crash);
      scene.host.end();
    }
    expect(calls.length).toBeGreaterThan(30);
    figure('crashes', `oci-wif login, ${setup.title}: interrupted`, calls.length);
  });

  it.each(SETUPS)(
    'is removed by a second logout if the first is killed at any call: $title',
    async (setup) => {
      const { emulator } = await startHost();
      const whole = openScene(emulator, setup);
      await whole.login();
      const { calls } = await whole.logout();
      whole.host.end();
      const plans = crashPlans(calls);
      for (const plan of plans) {
        const scene = openScene(emulator, setup);
        await scene.login();
        const { ended: killed, crash } = await scene.logout(plan);
        expect([crash, killed.endedBy]).toEqual([crash, 'SIGKILL']);
        const { ended } = await scene.logout();
        expect([crash, ended.exitCode]).toEqual([crash, 0]);
        await expectRestored(scene, crash);
        scene.host.end();
      }
      expect(plans.length).toBeGreaterThan(10);
      figure('crashes', `oci-wif logout, ${setup.title}: killed, then again`, plans.length);
    },
  );
});
