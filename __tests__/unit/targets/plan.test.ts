// Export targets on other platforms, in job containers and for a session as a resource.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/inputs/config.ts';
import { EXPORT_TARGETS } from '../../../src/inputs/schema.ts';
import { planTargets } from '../../../src/targets/plan.ts';
import { RESERVATIONS } from '../../../src/targets/reservations.ts';
import type { TargetContext } from '../../../src/targets/target.ts';

const INPUTS: Record<string, string> = {
  'domain-url': 'https://idcs-1.identity.oraclecloud.com:443/',
  'client-id': 'app',
  'client-secret': 'hunter2 and more',
  region: 'us-ashburn-1',
  refresh: 'true',
};

function plan(inputs: Record<string, string>, changes: Partial<TargetContext> = {}) {
  const home = changes.home ?? '/home/x';
  const given: Record<string, string> = { ...INPUTS, ...inputs };
  const config = readConfig((name) => given[name] ?? '', { home, workspace: undefined, platform: 'linux' });
  if (config.oci === undefined) throw new Error('there is no session');
  return planTargets({
    ...config,
    oci: config.oci,
    env: () => undefined,
    home,
    account: '/home/x',
    temporary: '/t',
    directory: '/t/d',
    platform: 'linux',
    ...changes,
  });
}

describe('terraform', () => {
  it('requests the session of a resource when the login has one', () => {
    const resource = { 'export-for': 'terraform', 'token-type': 'rpst', 'resource-type': 'job' };
    const withLifetime = plan({ ...resource, 'rpst-lifetime-seconds': '7200' });
    expect(withLifetime.variables).toMatchObject({
      OCI_TOKEN_EXCHANGE_DOMAIN_URL: 'https://idcs-1.identity.oraclecloud.com',
      OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: 'urn:oci:token-type:oci-rpst',
      OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: 'job',
      OCI_TOKEN_EXCHANGE_RPST_EXP: '7200',
    });
    expect(plan(resource).variables).not.toHaveProperty('OCI_TOKEN_EXCHANGE_RPST_EXP');
  });

  it.each([
    ['terraform', 1],
    ['terraform-session', 0],
  ])('exports no two variables of %s that Windows takes for one, with %i warnings', (target, warnings) => {
    const planned = plan({ 'export-for': target }, { platform: 'win32' });
    const names = Object.keys(planned.variables).map((name) => name.toUpperCase());
    expect(names).toHaveLength(new Set(names).size);
    expect(names).toContain('OCI_AUTH');
    expect(planned.warnings).toHaveLength(warnings);
  });

  it('exports no home override when HOME is the home directory of the account', () => {
    const names = Object.keys(plan({ 'export-for': 'terraform-session' }).variables);
    expect(names.filter((name) => name.endsWith('HOME_OVERRIDE'))).toEqual([]);
  });

  it('shows no secret in its plan', () => {
    expect(JSON.stringify(plan({ 'export-for': 'terraform' }))).not.toContain('hunter2');
  });
});

describe('docker', () => {
  const docker = { 'export-for': 'cli,docker' };

  it.each(['win32', 'darwin'] as const)('warns on %s, and changes no other target', (platform) => {
    const planned = plan(docker, { platform });
    expect(planned.warnings).toEqual([expect.stringContaining('only Linux runners run Docker actions')]);
    expect(planned.variables).toHaveProperty('OCI_CLI_CONFIG_FILE');
    expect(planned.files).toEqual({});
  });

  it('copies nothing in a job container, which has the home directory of Docker actions', () => {
    const planned = plan(docker, { home: '/github/home' });
    expect(planned.warnings).toEqual([]);
    expect(planned.variables).toMatchObject({ OCI_CLI_CONFIG_FILE: '/github/home/.oci/config' });
    expect(planned.files).toEqual({});
  });

  it.each(['terraform', 'resource-principal'])(
    'warns in a job container that Docker actions do not see the files of %s',
    (target) => {
      const { warnings } = plan({ 'export-for': `${target},docker` }, { home: '/github/home' });
      expect(warnings).toEqual([
        expect.stringContaining(`\`export-for\` ${target}: Docker actions of a job in a container`),
      ]);
    },
  );

  it("names the variable with which Terraform's provider finds the copy", () => {
    const { warnings } = plan({ 'export-for': 'terraform-session,docker' });
    expect(warnings).toEqual([expect.stringContaining('TF_HOME_OVERRIDE: /github/home')]);
  });
});

describe('kubectl', () => {
  const kubectl = { 'export-for': 'kubectl', 'oke-cluster': 'ocid1.cluster.oc1.iad.aaaa1' };

  it('warns that Docker actions cannot use the kubeconfig', () => {
    const both = { ...kubectl, 'export-for': 'docker, kubectl' };
    expect(plan(both).warnings).toEqual([
      expect.stringContaining('Docker actions cannot use this kubeconfig'),
    ]);
    expect(plan(kubectl).warnings).toEqual([]);
  });

  it('with `oke-merge` and without a home directory, exports the new file alone', () => {
    const { variables } = plan({ ...kubectl, 'oke-merge': 'true' }, { home: undefined });
    expect(variables).toMatchObject({ KUBECONFIG: path.join('/t/d', 'kubeconfig') });
  });
});

describe('docs/export-targets.md', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/export-targets.md'), 'utf8');
  const namesIn = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);

  it.each(EXPORT_TARGETS)('lists the variables of %s', (target) => {
    const [, cell] = page.match(new RegExp(`^\\| \`${target}\` \\|(.*?)\\|`, 'm')) ?? [];
    const resource = { 'token-type': 'rpst', 'resource-type': 'job', 'rpst-lifetime-seconds': '7200' };
    const oke = target === 'kubectl' ? { 'oke-cluster': 'ocid1.cluster.oc1.iad.aaaa1234567890' } : {};
    const elsewhere = target === 'docker' ? {} : { 'config-file': '/srv/.oci/config' };
    const planned = [{}, resource, elsewhere].flatMap((inputs) =>
      Object.keys(plan({ 'export-for': target, ...oke, ...inputs }).variables),
    );
    const exported = new Set(planned.filter((name) => name !== RESERVATIONS));
    expect(namesIn(cell).toSorted()).toEqual([...exported].toSorted());
  });
});
