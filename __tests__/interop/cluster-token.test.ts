// The cluster token of kubectl's plugin, compared with that of the OCI CLI for the same session.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { expect } from '@jest/globals';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import { kubectlInputs, startWithClusters } from '../e2e/clusters.ts';
import type { Journey } from '../e2e/journey.ts';
import { stdoutOf } from './login.ts';
import { cliIn, row } from './oci-cli.ts';
import { stepIn } from './step.ts';

interface ExecCredential {
  kind: string;
  status: { token: string; expirationTimestamp: string };
}

const OWN_LIFETIME_MS = 4 * 60_000;

/** What the plugin in the kubeconfig prints. */
async function printedByPlugin({ job }: Journey, kubeconfig = ''): Promise<ExecCredential> {
  const { command, args } = JSON.parse(readFileSync(kubeconfig, 'utf8')).users[0].user.exec;
  return JSON.parse(stdoutOf(await stepIn(job, {})(command, args)));
}

/** Every part of a token; of date and signature, which differ, the form. */
function partsOf(token: string) {
  const { origin, pathname, searchParams, hash } = new URL(Buffer.from(token, 'base64').toString());
  const authorization = /^Signature (.*)$/.exec(searchParams.get('authorization') ?? '')?.[1] ?? '';
  const parameters = [...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value = '']) => [
    name,
    name === 'signature' ? value.length : value,
  ]);
  const date = searchParams.get('date') ?? '';
  return {
    url: `${origin}${pathname}${hash}`,
    names: [...searchParams.keys()].toSorted(),
    authorization: Object.fromEntries(parameters),
    isDate: new Date(date).toUTCString() === date,
    alphabet: /^[\w-]+={0,2}$/.test(token),
    isPadded: token.length % 4 === 0,
  };
}

function statusOf({ emulator }: Journey, token: string): Promise<number | undefined> {
  const { urls, world } = emulator;
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    request(`${urls.cluster}/version`, { ca: world.clusterCa, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

row(
  {
    access: 'session profile',
    remark: "`ce cluster generate-token`: the same token as kubectl's plugin, but for date and signature",
  },
  async () => {
    const journey = await startWithClusters();
    const inputs = { ...kubectlInputs(journey.emulator), 'export-for': 'cli, kubectl' };
    const main = await journey.main(inputs);
    expect(main.exitCode).toBe(0);
    const id = clustersOf(journey.emulator.world)[0]?.id ?? '';
    const printed = await cliIn(journey)(
      `ce cluster generate-token --cluster-id ${id} --region us-ashburn-1`,
    );
    const [cli, own]: ExecCredential[] = [
      JSON.parse(stdoutOf(printed)),
      await printedByPlugin(journey, main.outputs['kubeconfig']),
    ];
    if (!cli || !own) throw new Error('both print one');
    expect(own.kind).toBe(cli.kind);
    expect(partsOf(own.status.token)).toEqual(partsOf(cli.status.token));
    for (const { token, expirationTimestamp } of [cli.status, own.status]) {
      const left = Date.parse(expirationTimestamp) - Date.now();
      expect(left).toBeLessThanOrEqual(OWN_LIFETIME_MS);
      expect(left).toBeGreaterThan(OWN_LIFETIME_MS / 2);
      expect(await statusOf(journey, token)).toBe(200);
    }
  },
);
