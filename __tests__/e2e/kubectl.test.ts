// `export-for: kubectl`: the kubeconfig, clients that use it as kubectl does, refusals, and what the post step restores.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import { untilEnd } from '../../emulator/runner/ended.ts';
import type { Fault } from '../../emulator/server/start.ts';
import { modeOf } from '../unit/profiles/tree.ts';
import { itWithModes } from '../unit/systems-with.ts';
import {
  credentialOf,
  kubeconfigOf,
  kubectlInputs,
  runPlugin,
  startWithClusters,
  whoAmI,
} from './clusters.ts';
import { asShown, expectFailure, type Journey, logOf, treeOf, warningsOf, writeHome } from './journey.ts';
import { until } from './refresher.ts';

const MARKER = 'OCI_WIF_ACTION_EXPORTS';
const asked = ({ emulator }: Journey) => emulator.journal.filter(({ service }) => service === 'oke');
const apiError = (status: number, code: string): Fault => ({
  kind: 'status',
  status,
  body: JSON.stringify({ code, message: 'Why not.' }),
});

/** The plugin of the current context. */
const plugin = (journey: Journey, env?: Record<string, string>) => {
  const { config } = kubeconfigOf(journey);
  return runPlugin(journey, config, config['current-context'], env);
};

describe('export-for kubectl', () => {
  it('writes a kubeconfig whose plugin signs tokens for the cluster, and the post step removes it', async () => {
    const journey = await startWithClusters();
    const { emulator, job, main, post } = journey;
    const stage = await main(kubectlInputs(emulator));
    expect([stage.exitCode, stage.stderr, warningsOf(stage)]).toEqual([0, '', []]);
    const { file, config } = kubeconfigOf(journey);
    expect(stage.exported).toEqual({
      KUBECONFIG: file,
      [MARKER]: `kubectl DEFAULT ${stage.outputs['config-file']}`,
    });
    expect(stage.outputs['kubeconfig']).toBe(file);
    const [{ id } = { id: '' }] = clustersOf(emulator.world);
    const name = `oke-us-ashburn-1-c${id.slice(-10)}`;
    const { 'private-key-file': keyFile, 'security-token-file': tokenFile } = stage.outputs;
    const script = path.join(import.meta.dirname, '../../dist/kubectl-token.js');
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      env: [{ name: 'NODE_OPTIONS', value: '' }],
      interactiveMode: 'Never',
      provideClusterInfo: false,
      installHint: expect.stringContaining('Docker actions'),
      command: process.execPath,
      args: [script, keyFile, tokenFile, id, 'containerengine.us-ashburn-1.oraclecloud.com'],
    };
    const ca = Buffer.from(emulator.world.clusterCa).toString('base64');
    expect(config).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server: emulator.urls.cluster, 'certificate-authority-data': ca } }],
      users: [{ name, user: { exec } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    });
    const host = new URL(emulator.urls.cluster).host;
    expect(logOf(stage)).toContain(`kubectl context ${name}: cluster ${id}, server ${host}.\n`);
    expect(asShown(stage.summary)).toContain(file);
    expect(await whoAmI(journey)).toEqual({ status: 201, username: stage.outputs['principal'] });
    expect((await post(stage)).exported).toEqual({ KUBECONFIG: '', [MARKER]: '' });
    expect([treeOf(job.home), readdirSync(job.temp)]).toEqual([{}, []]);
  });

  itWithModes('gives the kubeconfig to its owner only', async () => {
    const journey = await startWithClusters();
    await journey.main(kubectlInputs(journey.emulator));
    expect(modeOf(statSync(kubeconfigOf(journey).file))).toBe('600');
  });

  it('has a context for each cluster, and the first is the current one', async () => {
    const journey = await startWithClusters({ world: { clusters: [{}, {}] } });
    const stage = await journey.main(kubectlInputs(journey.emulator));
    const { config } = kubeconfigOf(journey);
    const names = config.contexts.map(({ name }) => name);
    expect([names.length, new Set(names).size, config['current-context']]).toEqual([2, 2, names[0]]);
    expect(asked(journey)).toHaveLength(2);
    const principal = { status: 201, username: stage.outputs['principal'] };
    // A token is valid for its own cluster only.
    for (const name of names) expect(await whoAmI(journey, name)).toEqual(principal);
  });

  it.each([
    ['private', /^https:\/\/10\.0\.0\.10:6443$/],
    ['vcn-hostname', /^https:\/\/\w+\.oke\.acme\.oraclevcn\.com:6443$/],
  ])('can connect to the endpoint %s', async (endpoint, server) => {
    const world = { clusters: [{ endpoints: ['PRIVATE_ENDPOINT', 'VCN_HOSTNAME'] as const }] };
    const journey = await startWithClusters({ world });
    const stage = await journey.main({ ...kubectlInputs(journey.emulator), 'oke-endpoint': endpoint });
    expect(stage.exitCode).toBe(0);
    expect(kubeconfigOf(journey).config.clusters[0]?.cluster.server).toMatch(server);
  });

  it("checks the cluster's own certificate with `oke-server`", async () => {
    const journey = await startWithClusters();
    const server = 'https://tunnel.example:8443';
    const stage = await journey.main({ ...kubectlInputs(journey.emulator), 'oke-server': server });
    expect(stage.exitCode).toBe(0);
    expect(kubeconfigOf(journey).config.clusters[0]?.cluster).toMatchObject({
      server,
      'tls-server-name': 'localhost',
    });
  });

  it('says that it is unknown whether OKE accepts the session of a resource', async () => {
    const trust = { subjectType: 'Resource', impersonatingResource: 'ci' } as const;
    const journey = await startWithClusters({ world: { trusts: [trust], clusterAcceptsRpst: true } });
    const asking = { 'token-type': 'rpst', 'resource-type': 'ci' };
    const stage = await journey.main({ ...kubectlInputs(journey.emulator), ...asking });
    expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
    expect(logOf(stage)).toContain('it is not known whether OKE accepts the session of a resource');
    expect((await whoAmI(journey)).status).toBe(201);
  });
});

describe('KUBECONFIG of the job', () => {
  const OWN = '{"apiVersion":"v1","kind":"Config"}\n';

  it('is replaced with a warning, and restored', async () => {
    const journey = await startWithClusters();
    const env = { KUBECONFIG: '/of/before' };
    const stage = await journey.main(kubectlInputs(journey.emulator), { env });
    expect(warningsOf(stage)).toEqual([expect.stringContaining('KUBECONFIG is set in this job')]);
    expect((await journey.post(stage)).exported['KUBECONFIG']).toBe('/of/before');
  });

  it.each([
    ['is', '', ['~/.kube/config']],
    ['is not', '/of/before', ['/of/before']],
    ['is not', ['/a', '/b'].join(path.delimiter), ['/a', '/b']],
  ])(
    'follows the new file with `oke-merge`; ~/.kube/config %s read with %j',
    async (_is, before, expected) => {
      const journey = await startWithClusters();
      const { job, emulator, main, post } = journey;
      writeHome(job.home, { '.kube/config': OWN });
      const inputs = { ...kubectlInputs(emulator), 'oke-merge': 'true' };
      const options = before === '' ? {} : { env: { KUBECONFIG: before } };
      const stage = await main(inputs, options);
      const [first, ...others] = (stage.exported['KUBECONFIG'] ?? '').split(path.delimiter);
      expect(first).toBe(stage.outputs['kubeconfig']);
      expect(others).toEqual(
        expected.map((file) => file.replace(/^~.*/, path.join(job.home, '.kube/config'))),
      );
      expect(warningsOf(stage)).toEqual([]);
      const again = await main(inputs);
      expect(again.exported['KUBECONFIG']).toBe(stage.exported['KUBECONFIG']);
      await post(again);
      expect((await post(stage)).exported['KUBECONFIG']).toBe(before);
      expect(readFileSync(path.join(job.home, '.kube/config'), 'utf8')).toBe(OWN);
    },
  );
});

describe('another login of the job', () => {
  it('keeps the path of the kubeconfig, and replaces its clusters', async () => {
    const journey = await startWithClusters({ world: { clusters: [{}, {}] } });
    const { job, emulator, main, post } = journey;
    const [one = '', other = ''] = clustersOf(emulator.world).map(({ id }) => id);
    const first = await main({ 'export-for': 'kubectl', 'oke-cluster': one });
    const second = await main({ 'export-for': 'kubectl', 'oke-cluster': other });
    expect([second.exitCode, warningsOf(second)]).toEqual([0, []]);
    expect(second.outputs['kubeconfig']).toBe(first.outputs['kubeconfig']);
    expect(kubeconfigOf(journey).config.contexts.map(({ name }) => name.slice(-10))).toEqual([
      other.slice(-10),
    ]);
    expect((await whoAmI(journey)).status).toBe(201);
    await post(second);
    expect((await whoAmI(journey)).status).toBe(201);
    await post(first);
    expect(readdirSync(job.temp)).toEqual([]);
  });

  it('fails with EXPORT_CONFLICT before the first request when it has another profile', async () => {
    const journey = await startWithClusters();
    await journey.main({ ...kubectlInputs(journey.emulator), profile: 'first' });
    const before = journey.emulator.journal.length;
    const inputs = { ...kubectlInputs(journey.emulator), profile: 'second' };
    const { message } = await expectFailure(journey, 'EXPORT_CONFLICT', inputs);
    expect(message).toContain('`export-for` kubectl');
    expect(journey.emulator.journal.length).toBe(before);
  });
});

describe('the credential plugin', () => {
  it('uses a renewed session, and its tokens end with the session', async () => {
    const journey = await startWithClusters({ world: { upstLifetimeSeconds: 6 } });
    const stage = await journey.main({ ...kubectlInputs(journey.emulator), refresh: 'true' });
    const tokenFile = stage.outputs['security-token-file'] ?? '';
    const [before, first] = [readFileSync(tokenFile, 'utf8'), credentialOf(await plugin(journey))];
    expect(first.expirationTimestamp).toBe(stage.outputs['expires-at']);
    await until(() => readFileSync(tokenFile, 'utf8') !== before);
    const second = credentialOf(await plugin(journey));
    expect(Date.parse(second.expirationTimestamp)).toBeGreaterThan(Date.parse(first.expirationTimestamp));
    expect((await whoAmI(journey)).status).toBe(201);
    await journey.post(stage);
  });

  it('makes tokens of four minutes', async () => {
    const journey = await startWithClusters();
    await journey.main(kubectlInputs(journey.emulator));
    const before = Date.now();
    const { expirationTimestamp } = credentialOf(await plugin(journey));
    const end = Date.parse(expirationTimestamp) - 240_000;
    expect(end).toBeGreaterThanOrEqual(before);
    expect(end).toBeLessThanOrEqual(Date.now());
  });

  it('needs no `node` on PATH, and no option of the job', async () => {
    const journey = await startWithClusters();
    await journey.main(kubectlInputs(journey.emulator));
    const env = { PATH: '', NODE_OPTIONS: '--require ./missing.js' };
    expect((await whoAmI(journey, undefined, env)).status).toBe(201);
  });

  it.each<[string, (journey: Journey, main: Parameters<Journey['post']>[0]) => unknown, RegExp]>([
    [
      'the post step has run',
      ({ post }, main) => post(main),
      /^oci-wif-action: The session is gone: .* Log in again/,
    ],
    [
      'the token file is gone',
      ({ job }) => rmSync(path.join(job.home, '.oci/sessions/DEFAULT/token')),
      /^oci-wif-action: The session is gone: .*token does not exist/,
    ],
  ])('fails with what to do when %s', async (_when, change, expected) => {
    const journey = await startWithClusters();
    const main = await journey.main(kubectlInputs(journey.emulator));
    const { config } = kubeconfigOf(journey);
    await change(journey, main);
    const run = await runPlugin(journey, config, config['current-context']);
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toMatch(expected);
  });

  it('prints no command to the runner when the path of the session has one', async () => {
    const program = path.join(import.meta.dirname, '../../dist/kubectl-token.js');
    const args = [program, '/nonexistent/##[error]key', 'token', 'cluster', 'host'];
    const { exitCode, stderr } = await untilEnd(spawn(process.execPath, args));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('/nonexistent/## [error]key')]);
    expect(stderr).not.toContain('##[');
  });

  it('fails with the time and what to do when the session has expired', async () => {
    const journey = await startWithClusters({ world: { upstLifetimeSeconds: 2 } });
    await journey.main({ ...kubectlInputs(journey.emulator), refresh: 'false' });
    let run = await plugin(journey);
    while (run.exitCode === 0) run = await plugin(journey);
    const { stdout, stderr } = run;
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /session expired at .*Z\. This machine's clock says .*Z\. Log in again, or set `refresh: true`/,
    );
  });
});

describe('a cluster that OKE refuses', () => {
  /** Expects the failure, and no file in the temp area either. */
  async function refused(journey: Journey, code: string, inputs: Record<string, string> = {}) {
    const given = { ...kubectlInputs(journey.emulator), ...inputs };
    const { message } = await expectFailure(journey, code, given);
    expect(readdirSync(journey.job.temp)).toEqual([]);
    const [last] = asked(journey).slice(-1);
    expect(message).toContain(`Request ID: ${last?.requestId}.`);
    return message;
  }

  it('without a policy, fails after all attempts and names cluster and region', async () => {
    const journey = await startWithClusters({ world: { okeAccess: 'none' } });
    const message = await refused(journey, 'OKE_NOT_AUTHORIZED', { 'retry-max-attempts': '3' });
    const [{ id } = { id: '' }] = clustersOf(journey.emulator.world);
    expect(message).toContain(`OKE in us-ashburn-1 does not let this session use the cluster ${id}`);
    expect(message).toContain('(404, 3 attempts)');
  });

  it('without the endpoint, fails at once and names the endpoint', async () => {
    const world = { clusters: [{ endpoints: ['PRIVATE_ENDPOINT'] as const }] };
    const journey = await startWithClusters({ world });
    const message = await refused(journey, 'OKE_REFUSED', { 'retry-max-attempts': '5' });
    expect(message).toContain('for the public endpoint: InvalidParameter');
    expect(asked(journey)).toHaveLength(1);
  });

  it('because of the session, fails with OCI_SESSION_REFUSED', async () => {
    const journey = await startWithClusters();
    journey.emulator.faults.add({ service: 'oke', fault: apiError(401, 'NotAuthenticated') });
    const message = await refused(journey, 'OCI_SESSION_REFUSED');
    expect(message).toContain('OKE refused the session (401): NotAuthenticated: Why not.');
  });

  it('because of the clock, fails with OCI_CLOCK_SKEWED', async () => {
    const journey = await startWithClusters({ clock: () => Date.now() + 600_000 });
    expect(await refused(journey, 'OCI_CLOCK_SKEWED')).toContain("This machine's clock is");
  });

  it.each([
    [404, 'NotAuthorizedOrNotFound'],
    [409, 'IncorrectState'],
  ])('for a while (%i %s), is asked for again', async (status, code) => {
    const journey = await startWithClusters();
    journey.emulator.faults.add({ service: 'oke', times: 2, fault: apiError(status, code) });
    const stage = await journey.main(kubectlInputs(journey.emulator));
    expect(stage.exitCode).toBe(0);
    expect(asked(journey).map((one) => one.status)).toEqual([status, status, 200]);
    expect(logOf(stage)).toContain(`: ${status} ${code}; trying again in`);
  });

  it('with a kubeconfig of another form, fails with OKE_RESPONSE_MALFORMED', async () => {
    const changeKubeconfig = (yaml: string) => yaml.replace('server: https://', 'server: http://');
    const journey = await startWithClusters({ world: { changeKubeconfig } });
    const message = await refused(journey, 'OKE_RESPONSE_MALFORMED');
    expect(message).toContain('OKE responded with something that is no kubeconfig of one cluster.');
  });
});
