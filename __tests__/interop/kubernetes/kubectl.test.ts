// kubectl with the kubeconfig of a login, for the emulated cluster.
import { readFileSync, rmSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Job } from '../../../emulator/runner/job.ts';
import { kubectlInputs, startWithClusters } from '../../e2e/clusters.ts';
import { type Journey, writeHome } from '../../e2e/journey.ts';
import { until } from '../../e2e/refresher.ts';
import { installed } from '../install.ts';
import { failureOf, stdoutOf } from '../login.ts';
import { rowsOf } from '../matrix.ts';
import { type Ended, stepIn } from '../step.ts';

const row = rowsOf('kubectl');

/** kubectl in a later step, whose PATH has no `node`. `args` are separated by spaces. */
function kubectlIn(job: Pick<Job, 'env' | 'workspace'>, env: Record<string, string> = {}) {
  const step = stepIn(job, { PATH: '/usr/bin:/bin', ...env });
  return (args: string): Promise<Ended> => step(installed('kubectl', 'kubectl'), args.split(' '));
}

async function loggedIn(
  inputs: Record<string, string> = {},
  options?: Parameters<typeof startWithClusters>[0],
) {
  const journey = await startWithClusters(options);
  const main = await journey.main({ ...kubectlInputs(journey.emulator), ...inputs });
  expect(main.exitCode).toBe(0);
  return { journey, main, kubectl: kubectlIn(journey.job) };
}

const clusterCalls = ({ emulator }: Journey) =>
  emulator.journal.filter(({ service }) => service === 'cluster').map(({ status }) => status);

row(
  { access: '`kubectl`', remark: '`auth whoami`, `get pods`, `get --raw /version`; no `node` on PATH' },
  async () => {
    const { journey, kubectl } = await loggedIn();
    expect(stdoutOf(await kubectl('get --raw /version'))).toContain('"major"');
    expect(stdoutOf(await kubectl('auth whoami -o jsonpath={.status.userInfo.username}'))).toBe(
      journey.emulator.world.settings.serviceUser.ocid,
    );
    expect(stdoutOf(await kubectl('get pods -o name'))).toBe('pod/web-1\n');
    expect(new Set(clusterCalls(journey))).toEqual(new Set([200, 201]));
  },
);

row(
  { access: '`kubectl`', remark: 'two clusters, each as a context; the first is the current one' },
  async () => {
    const { kubectl } = await loggedIn({}, { world: { clusters: [{}, {}] } });
    const names = stdoutOf(await kubectl('config get-contexts -o name'))
      .trimEnd()
      .split('\n');
    expect(names).toHaveLength(2);
    expect(names).toContain(stdoutOf(await kubectl('config current-context')).trimEnd());
    for (const name of names) {
      expect(stdoutOf(await kubectl(`--context ${name} get pods -o name`))).toBe('pod/web-1\n');
    }
  },
);

row(
  { access: '`kubectl`, `oke-endpoint: private`', remark: 'through a proxy that leads to the address' },
  async () => {
    const { kubectl } = await loggedIn({ 'oke-endpoint': 'private' });
    expect(stdoutOf(await kubectl('config view -o jsonpath={.clusters[0].cluster.server}'))).toContain(
      '//10.',
    );
    expect(stdoutOf(await kubectl('get pods -o name'))).toBe('pod/web-1\n');
  },
);

row(
  {
    access: '`kubectl`, `oke-server`',
    remark: 'a tunnel: the certificate is still that of the private endpoint',
  },
  async () => {
    const journey = await startWithClusters();
    const { emulator, job } = journey;
    const server = emulator.urls.cluster.replace('localhost', '127.0.0.1');
    const inputs = { 'oke-endpoint': 'private', 'oke-server': server };
    expect((await journey.main({ ...kubectlInputs(emulator), ...inputs })).exitCode).toBe(0);
    expect(stdoutOf(await kubectlIn(job)('get pods -o name'))).toBe('pod/web-1\n');
  },
);

/** A kubeconfig of somebody else, for a cluster that does not exist. */
const OTHERS = `apiVersion: v1
kind: Config
clusters: [{ name: other, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: other, user: { token: abc } }]
contexts: [{ name: other, context: { cluster: other, user: other } }]
current-context: other
`;

row(
  { access: '`kubectl`, `oke-merge: true`', remark: "the contexts of `~/.kube/config` beside the login's" },
  async () => {
    const journey = await startWithClusters();
    writeHome(journey.job.home, { '.kube/config': OTHERS });
    const inputs = { ...kubectlInputs(journey.emulator), 'oke-merge': 'true' };
    expect((await journey.main(inputs)).exitCode).toBe(0);
    const kubectl = kubectlIn(journey.job);
    expect(stdoutOf(await kubectl('config get-contexts -o name'))).toMatch(/^oke-\S+\nother\n$/);
    expect(stdoutOf(await kubectl('get pods -o name'))).toBe('pod/web-1\n');
  },
);

row({ access: '`kubectl`, `refresh: true`', remark: 'works after the first token has expired' }, async () => {
  const { journey, main, kubectl } = await loggedIn(
    { refresh: 'true' },
    { world: { upstLifetimeSeconds: 5 } },
  );
  journey.emulator.world.settings.upstLifetimeSeconds = 3600;
  await until(() => Date.now() > Date.parse(main.outputs['expires-at'] ?? ''));
  expect(stdoutOf(await kubectl('get pods -o name'))).toBe('pod/web-1\n');
  expect((await journey.post(main)).exitCode).toBe(0);
});

row(
  {
    access: '`kubectl`',
    result: 'does not',
    remark: 'an expired session: the plugin says so, and sends nothing',
  },
  async () => {
    const { journey, main, kubectl } = await loggedIn(
      { refresh: 'false' },
      { world: { upstLifetimeSeconds: 4 } },
    );
    await until(() => Date.now() > Date.parse(main.outputs['expires-at'] ?? ''));
    expect(failureOf(await kubectl('get pods'))).toMatch(
      /oci-wif-action: The session expired at .*Log in again/,
    );
    expect(clusterCalls(journey)).toEqual([]);
  },
);

row(
  {
    access: '`kubectl`',
    result: 'does not',
    remark: 'after the post step, and when the files are gone: says so',
  },
  async () => {
    const { journey, main, kubectl } = await loggedIn();
    const kubeconfig = main.outputs['kubeconfig'] ?? '';
    const kept = kubectlIn(journey.job, { KUBECONFIG: kubeconfig });
    rmSync(JSON.parse(readFileSync(kubeconfig, 'utf8')).users[0].user.exec.args[1]);
    expect(failureOf(await kubectl('get pods'))).toMatch(/oci-wif-action: The session is gone/);
    expect((await journey.post(main)).exitCode).toBe(0);
    expect(failureOf(await kept('get pods'))).toContain('localhost:8080');
  },
);
