// The command with the real OCI CLI, which signs its requests. The proxy leads to the emulator.
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { PROMPT_IAM } from '../../emulator/iam/settings.ts';
import { type Administrator, PUBLIC_HOSTS, startAdministrator } from '../../emulator/runner/administrator.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';
import { runCommand } from '../cli/command.ts';
import { installed } from './install.ts';

let emulator: Emulator;
let administrator: Administrator;

afterEach(async () => {
  await administrator.end();
  await emulator.close();
});

async function runSetup(args: readonly string[], env: Record<string, string>) {
  emulator = await startEmulator({ hosts: PUBLIC_HOSTS, world: { untouchedDomain: true, ...PROMPT_IAM } });
  administrator = await startAdministrator(emulator, { env });
  symlinkSync(installed('oci', 'bin/oci'), path.join(administrator.home, 'bin/oci'));
  const { settings, urls } = emulator.world;
  const selectors = ['--repo', 'acme/infra', '--environment', 'prod', '--domain-url', urls.domain];
  const policy = ['--compartment', settings.compartments[0]?.id ?? '', '--allow', 'read buckets'];
  return runCommand(['setup', ...selectors, ...policy, '--auth', 'oci-cli', ...args], {
    env: administrator.env,
  });
}

it('plans with the API key of the OCI CLI', async () => {
  expect(await runSetup([], {})).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('+ trust') });
});

it('sets a domain up with the session of the OCI CLI', async () => {
  const env = { OCI_CLI_PROFILE: 'SESSION', OCI_CLI_AUTH: 'security_token' };
  expect(await runSetup(['--apply', '--yes'], env)).toMatchObject({ exitCode: 0 });
  const { directory, iam } = emulator.world;
  expect(directory.all('IdentityPropagationTrusts')).toMatchObject([
    { active: true, impersonationServiceUsers: [{ rule: 'sub eq repo:acme/infra:environment:prod' }] },
  ]);
  expect([...iam.policies.values()].map(({ name }) => name)).toEqual(['github-actions']);
});
