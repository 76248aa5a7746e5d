import { describe, expect, it } from '@jest/globals';
import { childEnvironment, overridingVariables } from '../../../cli/exec/environment.ts';
import { Secret } from '../../../src/secret.ts';

const NOTHING = { variables: {}, paths: [], dropped: [] };

describe('the environment of the command', () => {
  it('has the variables of the session in place of those of its parent', () => {
    const parent = { A: '1', OCI_CLI_PROFILE: 'other', EMPTY: '' };
    const variables = { OCI_CLI_PROFILE: 'DEFAULT', OCI_AUTH: new Secret('x') };
    expect(childEnvironment(parent, { ...NOTHING, variables }, 'linux')).toEqual({
      A: '1',
      EMPTY: '',
      OCI_CLI_PROFILE: 'DEFAULT',
      OCI_AUTH: 'x',
    });
  });

  it('lacks a variable that the session empties or that is dropped', () => {
    const parent = { AWS_PROFILE: 'other', OCI_CLIENT_SECRET: 'secret', HOME: '/h' };
    const changes = { ...NOTHING, variables: { AWS_PROFILE: '' }, dropped: ['OCI_CLIENT_SECRET'] };
    expect(childEnvironment(parent, changes, 'linux')).toEqual({ HOME: '/h' });
  });

  it.each([
    ['linux', { PATH: '/bin' }, { PATH: '/s/bin:/bin' }],
    ['linux', {}, { PATH: '/s/bin' }],
    ['win32', { Path: 'C:\\bin' }, { Path: '/s/bin;C:\\bin' }],
  ] as const)('on %s, has directories of the session first in PATH of %j', (platform, parent, expected) => {
    expect(childEnvironment(parent, { ...NOTHING, paths: ['/s/bin'] }, platform)).toEqual(expected);
  });

  it('on Windows, has no two spellings of a name', () => {
    const parent = { oci_auth: 'a', Oci_Client_Secret: 's' };
    const changes = { ...NOTHING, variables: { OCI_AUTH: 'b' }, dropped: ['OCI_CLIENT_SECRET'] };
    expect(childEnvironment(parent, changes, 'win32')).toEqual({ OCI_AUTH: 'b' });
  });
});

describe('variables that lead to another identity', () => {
  const all: Record<string, string> = {
    OCI_CLI_KEY_FILE: 'k',
    OCI_CLI_USER: '',
    TF_VAR_auth: 'ApiKey',
    TF_VAR_region: 'r',
    AWS_PROFILE: 'p',
    OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE: 's',
  };

  it.each([
    ['cli', ['cli'], false, ['OCI_CLI_KEY_FILE']],
    ['terraform', ['terraform'], false, ['TF_VAR_auth']],
    ['resource-principal', ['resource-principal'], false, ['OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE']],
    ['AWS', [], true, ['AWS_PROFILE']],
  ] as const)('are found for %s', (_title, exportFor, hasRole, expected) => {
    expect(overridingVariables((name) => all[name], { exportFor, hasRole })).toEqual(expected);
  });
});
