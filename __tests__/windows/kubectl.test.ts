// kubectl's credential plugin on Windows. client-go for Windows starts it by the same path and arguments.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { credentialOf, type KubeconfigFile, kubectlInputs, OKE_HOST, proxyTo } from '../e2e/clusters.ts';
import { startJourney, warningsOf } from '../e2e/journey.ts';
import { stepIn } from '../interop/step.ts';
import { call } from '../unit/emulator/client.ts';
import { contentOf, inWindows } from './windows-journey.ts';
import { onWindows, windowsProgram } from './wine.ts';

it('on Windows, `export-for` kubectl names program and files by their paths, and the plugin signs a token', async () => {
  const first = await startJourney({ hosts: { oke: OKE_HOST } });
  const { emulator } = first;
  const { job, main, post } = first.nextJob(inWindows({ env: await proxyTo(emulator) }));
  const stage = await main(kubectlInputs(emulator));
  expect([stage.exitCode, warningsOf(stage)]).toEqual([0, []]);
  const { KUBECONFIG = '' } = stage.exported;
  expect(KUBECONFIG).toMatch(/^Z:\\.*\\oci-wif-action-[0-9a-f]+\\kubeconfig$/);
  const text = readFileSync(KUBECONFIG.slice('Z:'.length).replaceAll('\\', '/'), 'utf8');
  const { users } = JSON.parse(text) as KubeconfigFile;
  const { command = '', args = [] } = users[0]?.user.exec ?? {};
  expect(command).toMatch(/^[A-Z]:\\.*\\node\.exe$/);
  expect(args.slice(0, 3)).toEqual([
    onWindows(path.join(import.meta.dirname, '../../dist/kubectl-token.js')),
    onWindows(path.join(job.home, '.oci/sessions/DEFAULT/oci_api_key.pem')),
    onWindows(path.join(job.home, '.oci/sessions/DEFAULT/token')),
  ]);
  const plugin = windowsProgram(command, args, job.env());
  const { exitCode, stdout, stderr } = await stepIn(job, plugin.env)(plugin.file, plugin.args);
  expect([exitCode, stderr]).toEqual([0, '']);
  const { token } = credentialOf({ exitCode, stdout, stderr });
  const { status } = await call(emulator, `${emulator.urls.cluster}/version`, {
    headers: { authorization: `Bearer ${token}` },
    ca: emulator.world.clusterCa,
  });
  expect(status).toBe(200);
  expect((await post(stage)).exitCode).toBe(0);
  expect([contentOf(job.home), contentOf(job.temp)]).toEqual([{}, {}]);
});
