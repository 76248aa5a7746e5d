// The Terraform that the command writes, for HashiCorp's own parser and formatter.
import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { startTenancy } from '../cli/tenancy.ts';
import { installed } from './install.ts';

const ROLE = 'deploy';
const ACCOUNT = '123456789012';
const AWS = ['--aws-account', ACCOUNT, '--aws-role', ROLE, '--change-domain-settings'];

const tenancy = await startTenancy({ iamProviders: [], roles: [], domainLicense: 'premium' });
const { settings } = tenancy.emulator.world;

/** What the program prints: nothing for a file that is valid and formatted. */
async function faultsOf(args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await tenancy.setup(['--emit', 'terraform', ...args]);
  expect(exitCode).toBe(0);
  return spawnSync(installed('hcl', 'hcl'), { input: stdout, encoding: 'utf8' }).stdout;
}

it('is valid and formatted for a fresh domain, with the side of AWS', async () => {
  expect(await faultsOf(AWS)).toBe('');
});

it('is valid and formatted for runners that sign', async () => {
  const runners = ['--client-auth', 'instance-principal', '--runners', settings.instance.compartmentId];
  expect(await faultsOf(runners)).toBe('');
  expect(await faultsOf([...runners, '--token-type', 'upst'])).toBe('');
});

it('is valid and formatted for a domain and a role that others use, whatever their texts hold', async () => {
  const rule = `sub eq "a\\b\${c}%{d}\u2028é`;
  tenancy.insertTrust({ impersonationServiceUsers: [{ rule, value: 'f'.repeat(32) }] });
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: { StringLike: { 'aws:PrincipalTag/x': [`\${aws:username}`, '"*"'] }, Bool: {} },
  };
  const trustPolicy = { Version: '2012-10-17', Statement: [statement] } as never;
  settings.roles = [{ arn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`, maxSessionDuration: 3600, trustPolicy }];
  expect(await faultsOf(AWS)).toBe('');
});
