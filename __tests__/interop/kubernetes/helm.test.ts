// Helm: charts in the registry by Docker's credential helper, and a cluster by the kubeconfig.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { kubectlInputs, OKE_HOST } from '../../e2e/clusters.ts';
import { installed } from '../install.ts';
import { stdoutOf } from '../login.ts';
import { rowsOf } from '../matrix.ts';
import { REGISTRY, startWithRegistry } from '../registry.ts';
import { stepIn } from '../step.ts';

const row = rowsOf('Helm');

const CHARTS = `oci://${REGISTRY}/acmenamespace/charts`;

row({ access: '`ocir`', remark: '`push`, `show chart` and `pull` of a chart' }, async () => {
  const { emulator, job, main } = await startWithRegistry();
  expect((await main({ 'export-for': 'ocir' })).exitCode).toBe(0);
  const step = stepIn(job, { SSL_CERT_FILE: emulator.caFile });
  const helm = async (args: string) => stdoutOf(await step(installed('helm', 'helm'), args.split(' ')));
  await helm('create shop');
  await helm('package shop');
  await helm(`push shop-0.1.0.tgz ${CHARTS}`);
  expect(await helm(`show chart ${CHARTS}/shop --version 0.1.0`)).toContain('name: shop');
  mkdirSync(path.join(job.workspace, 'pulled'));
  await helm(`pull ${CHARTS}/shop --version 0.1.0 --destination pulled`);
});

row({ access: '`kubectl`', remark: '`list`' }, async () => {
  const { emulator, job, main } = await startWithRegistry({ hosts: { oke: OKE_HOST } });
  expect((await main(kubectlInputs(emulator))).exitCode).toBe(0);
  expect(stdoutOf(await stepIn(job, {})(installed('helm', 'helm'), ['list', '-o', 'json']))).toBe('[]\n');
  const calls = emulator.journal.filter(({ service }) => service === 'cluster');
  expect(calls.at(-1)).toMatchObject({ path: '/api/v1/namespaces/default/secrets', status: 200 });
});
