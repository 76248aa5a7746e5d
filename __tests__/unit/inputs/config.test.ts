import { describe, expect, it } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { basicsOf } from '../../../src/inputs/client-credentials.ts';
import { readConfig } from '../../../src/inputs/config.ts';
import { configWarnings } from '../../../src/inputs/warnings.ts';

const enough: Record<string, string> = {
  'domain-url': 'https://idcs-1.identity.oraclecloud.com:443/',
  'client-id': 'app',
  'client-secret': 'hunter2 and more',
  region: 'us-ashburn-1',
};

function configOf(inputs: Record<string, string>) {
  return readConfig((name) => inputs[name] ?? '', {
    home: '/home/x',
    workspace: undefined,
    platform: 'linux',
  });
}

function failureOf(inputs: Record<string, string>): ActionError {
  try {
    configOf(inputs);
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
  throw new Error('the inputs are valid');
}

describe('the config', () => {
  it('has a default for all but four inputs', () => {
    const { domainUrl, client, ...rest } = configOf(enough);
    expect(String(domainUrl)).toBe('https://idcs-1.identity.oraclecloud.com/');
    expect(client).toMatchObject({ kind: 'secret', clientId: 'app' });
    expect(basicsOf(client).map((basic) => atob(basic.reveal()))).toEqual(['app:hunter2 and more']);
    expect(rest).toEqual({
      oci: {
        region: 'us-ashburn-1',
        tenancy: undefined,
        audience: 'https://cloud.oracle.com',
        resource: undefined,
        trustRules: [],
        profile: 'DEFAULT',
        configFile: '/home/x/.oci/config',
        overwriteProfile: false,
        exportFor: ['cli'],
        oke: undefined,
        registries: undefined,
        registryLogin: false,
        verify: false,
        verifyEndpoint: undefined,
      },
      aws: undefined,
      outputCredentials: true,
      refresh: 'auto',
      minimumLifetimeMs: 0,
      cleanup: true,
      summary: 'always',
      retryMaxAttempts: 5,
      requestTimeoutMs: 15_000,
      timeoutMs: 120_000,
    });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(configOf(enough))).toBe(true);
  });

  it('does not show its secret', () => {
    expect(JSON.stringify(configOf(enough))).not.toContain('hunter2');
  });

  it('reports every missing input in one error', () => {
    const { code, message } = failureOf({});
    expect(code).toBe('INPUT_INVALID');
    for (const name of Object.keys(enough)) expect(message).toContain(`\`${name}\``);
  });

  it('reports every invalid input in one error, by its name in action.yml', () => {
    const wrong = {
      profile: 'a b',
      cleanup: 'yes',
      'timeout-seconds': '0',
      'export-for': 'x',
      'config-file': 'rel',
    };
    const { message } = failureOf({ ...enough, ...wrong });
    for (const name of Object.keys(wrong)) expect(message).toContain(`\`${name}\``);
    for (const name of Object.keys(enough)) expect(message).not.toContain(`\`${name}\``);
  });

  it.each(['hunter2\n', 'hunter2\0', '\r\nhunter2'])('does not show an invalid secret (%j)', (secret) => {
    const failure = failureOf({ ...enough, 'client-secret': secret, region: 'x' });
    expect(`${failure.message}${failure.stack}`).not.toContain('hunter2');
    expect(failure.message).toContain('`client-secret`');
  });
});

describe('the warnings about a config', () => {
  const warningsOf = (inputs: Record<string, string>) => configWarnings(configOf({ ...enough, ...inputs }));

  it.each([
    'https://idcs-1.identity.oraclecloud.com',
    'https://idcs-1.identity.oraclegovcloud.com',
    'https://idcs-1.identity.oraclegovcloud.uk',
    'https://idcs-1.identity.oraclecloud8.com',
    'https://idcs-1.identity.oraclecloud.eu',
    'https://idcs-1.identity.us-ashburn-1.oci.oraclecloud.com',
    'https://idcs-1.us-ashburn-idcs-1.secure.identity.oraclecloud.com',
    'http://127.0.0.1:1',
  ])('do not mention %s', (url) => {
    expect(warningsOf({ 'domain-url': url })).toEqual([]);
  });

  it.each([
    'https://idcs-1.identity.oraclecloud.com.example',
    'https://identity.oraclecloud.example',
    'https://evilidentity.oraclecloud.com',
    'https://identity.oraclecloud4711.com',
    'https://idcs-1.identity.oraclecloud4711.com',
    'https://idcs-1.identity.evil.oraclecloud.com',
    'https://login.example.com',
  ])('name `domain-url` for %s', (url) => {
    expect(warningsOf({ 'domain-url': url }).join()).toContain('`domain-url`');
  });

  it.each([
    ['us-asburn-1', 'The nearest name is us-ashburn-1. '],
    ['us-asbhurn-1', 'The nearest name is us-ashburn-1. '],
    ['us-ashburn-3', 'The nearest name is us-ashburn-1 or us-ashburn-2. '],
    ['frankfurt-eu-1', 'frankfurt-eu-1 is not a known region. Check it'],
  ])('name `region` for %s', (region, text) => {
    expect(warningsOf({ region })).toEqual([expect.stringMatching(/^`region`/)]);
    expect(warningsOf({ region }).join()).toContain(text);
  });

  it.each(['sub sw x', 'sub eq "x"', 'sub eq x and ref eq y', 'x'])('name `trust-rule` for %s', (rule) => {
    expect(warningsOf({ 'trust-rule': rule })).toEqual([
      expect.stringMatching(/^`trust-rule` .*The login itself does not use it\.$/),
    ]);
    expect(warningsOf({ 'trust-rule': 'sub eq repo:acme@1/infra@2:*' })).toEqual([]);
  });

  it.each(['/a=b/config', '/a%20b/config'])('name `config-file` for %s', (file) => {
    expect(warningsOf({ 'config-file': file }).join()).toContain('`config-file`');
  });
});
