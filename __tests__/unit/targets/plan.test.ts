// What doors need where this does not run: other platforms, job containers, sessions of a resource.
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/inputs/config.ts';
import type { OciSession } from '../../../src/login/oci-session.ts';
import type { Files, Runner } from '../../../src/ports.ts';
import { type DoorParts, planDoors } from '../../../src/targets/plan.ts';
import { variablesForTerraform } from '../../../src/targets/terraform.ts';

const INPUTS: Record<string, string> = {
  'domain-url': 'https://idcs-1.identity.oraclecloud.com:443/',
  'client-id': 'app',
  'client-secret': 'hunter2 and more',
  region: 'us-ashburn-1',
  refresh: 'true',
};

function planned(doors: string, changes: Partial<DoorParts> = {}, env: Record<string, string> = {}) {
  const said: string[] = [];
  const untouched = (): never => {
    throw new Error('nothing was to be done yet');
  };
  const runner: Runner = {
    env: (name) => env[name],
    mask: untouched,
    output: untouched,
    exportVariable: untouched,
    saveState: untouched,
    summary: untouched,
    debug: untouched,
    group: untouched,
    error: untouched,
    isDebug: untouched,
    info: (text) => said.push(text),
    warning: (text) => said.push(`warning: ${text}`),
  };
  const home = changes.home ?? '/home/x';
  const parts = {
    runner,
    home,
    account: '/home/x',
    temporary: '/t',
    directory: '/t/d',
    platform: 'linux',
  } as const;
  const read = (name: string) => (name === 'export-for' ? doors : (INPUTS[name] ?? ''));
  const config = readConfig(read, { home, workspace: undefined });
  if (config.oci === undefined) throw new Error('there is no session');
  return { said, runner, plan: planDoors({ ...parts, ...changes }, config, config.oci) };
}

/** What lies nowhere yet must not be needed in order to lay nothing. */
const laidBy = ({ plan }: ReturnType<typeof planned>) =>
  plan.layFiles({} as Files, {} as OciSession, () => {
    throw new Error('nothing was to be laid');
  });

describe('terraform', () => {
  it('asks for the session of a resource when that is what the login has', () => {
    const client = { clientId: 'app' } as Parameters<typeof variablesForTerraform>[0]['client'];
    const of = (lifetimeSeconds: number | undefined) =>
      variablesForTerraform(
        {
          domainUrl: new URL('https://idcs-1.identity.oraclecloud.com:443/'),
          client,
          region: 'us-ashburn-1',
          resource: { type: 'job', lifetimeSeconds },
        },
        '/t/github-id-token',
      );
    expect(of(7200)).toMatchObject({
      OCI_TOKEN_EXCHANGE_DOMAIN_URL: 'https://idcs-1.identity.oraclecloud.com',
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-rpst',
      OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: 'job',
      OCI_TOKEN_EXCHANGE_RPST_EXP: '7200',
    });
    expect(of(undefined)).not.toHaveProperty('OCI_TOKEN_EXCHANGE_RPST_EXP');
  });

  it.each(['terraform', 'terraform-session'])('never spells a variable of %s twice on Windows', (door) => {
    const { plan, said } = planned(door, { platform: 'win32' });
    const names = Object.keys(plan.variables).map((name) => name.toUpperCase());
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toContain('OCI_AUTH');
    expect(said).toHaveLength(door === 'terraform' ? 1 : 0);
  });

  it('needs no override where all homes are one', () => {
    const names = Object.keys(planned('terraform-session').plan.variables);
    expect(names.filter((name) => name.endsWith('HOME_OVERRIDE'))).toEqual([]);
  });

  it('shows no secret', () => {
    expect(JSON.stringify(planned('terraform').plan)).not.toContain('hunter2');
  });
});

describe('docker', () => {
  it.each(['win32', 'darwin'] as const)('is not to be had on %s, which is said', async (platform) => {
    const doors = planned('cli,docker', { platform });
    expect(doors.said).toEqual([
      expect.stringContaining('warning: `export-for` docker: only runners on Linux'),
    ]);
    expect(doors.plan.variables).toHaveProperty('OCI_CLI_CONFIG_FILE');
    expect(await laidBy(doors)).toEqual({ tokenFiles: [], idToken: undefined });
  });

  it('needs nothing in a job container, whose home is that of Docker actions', async () => {
    const doors = planned('cli,docker', { home: '/github/home' });
    expect(doors.said).toEqual([]);
    expect(doors.plan.variables).toMatchObject({ OCI_CLI_CONFIG_FILE: '/github/home/.oci/config' });
    expect(await laidBy(doors)).toEqual({ tokenFiles: [], idToken: undefined });
  });

  it.each(['terraform', 'resource-principal'])('cannot help %s in a job container, which is said', (door) => {
    const { said } = planned(`${door},docker`, { home: '/github/home' });
    expect(said).toEqual([
      expect.stringContaining(`warning: \`export-for\` ${door}: Docker actions of a job`),
    ]);
  });

  it("names what leads Terraform's provider to it", () => {
    const { said } = planned('terraform-session,docker');
    expect(said).toEqual([expect.stringContaining('TF_HOME_OVERRIDE: /github/home')]);
  });
});
