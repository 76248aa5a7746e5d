// Export targets on Windows.
import { describe, expect, it } from '@jest/globals';
import { warningsOf } from '../e2e/journey.ts';
import { contentOf, startOnWindows } from './windows-journey.ts';
import { onWindows } from './wine.ts';

describe('on Windows, `export-for`', () => {
  it.each<[target: string, names: readonly string[], warnings: readonly RegExp[]]>([
    ['cli', ['OCI_CLI_AUTH', 'OCI_CLI_CONFIG_FILE', 'OCI_CLI_PROFILE', 'OCI_CONFIG_FILE'], []],
    ['ansible', ['OCI_ANSIBLE_AUTH_TYPE', 'OCI_CONFIG_FILE', 'OCI_CONFIG_PROFILE'], []],
    ['terraform-session', ['OCI_AUTH', 'OCI_CONFIG_FILE_PROFILE', 'OCI_REGION'], []],
    ['terraform', ['OCI_AUTH', 'OCI_REGION', 'OCI_WORKLOAD_IDENTITY_TOKEN_PATH'], [/state backend reads/]],
    ['resource-principal', ['OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM', 'OCI_RESOURCE_PRINCIPAL_RPST'], [/Go/]],
    ['docker', [], [/only Linux runners run Docker actions/]],
  ])('%s exports its variables in one case each, and post empties them', async (target, names, warnings) => {
    const { job, main, post } = await startOnWindows();
    const stage = await main({ 'export-for': target, profile: 'CI' });
    expect(stage.exitCode).toBe(0);
    const exported = Object.keys(stage.exported);
    expect(exported).toEqual(expect.arrayContaining([...names]));
    expect(new Set(exported.map((name) => name.toUpperCase())).size).toBe(exported.length);
    expect(warningsOf(stage)).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
    const paths = Object.values(stage.exported).filter(
      (value) => value.includes(job.home) || value.includes(job.temp),
    );
    expect(paths).toEqual([]);
    const after = await post(stage);
    expect([after.exitCode, warningsOf(after)]).toEqual([0, []]);
    expect(after.exported).toEqual(Object.fromEntries(exported.map((name) => [name, ''])));
    expect([contentOf(job.home), contentOf(job.temp)]).toEqual([{}, {}]);
  });

  it('terraform-session exports TF_HOME_OVERRIDE for another home than that of the account', async () => {
    const { job, main, post } = await startOnWindows();
    const stage = await main({ 'export-for': 'terraform-session' });
    expect(stage.exported['TF_HOME_OVERRIDE']).toBe(onWindows(job.home));
    await post(stage);
  });
});
