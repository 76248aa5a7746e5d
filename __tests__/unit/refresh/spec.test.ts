import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import {
  filesOf,
  parseRefreshSpec,
  type RefreshSpec,
  serializeRefreshSpec,
  withoutFiles,
} from '../../../src/refresh/spec.ts';
import { Secret } from '../../../src/secret.ts';

const client = toClientCredentials('app', new Secret('client-secret'));
const source = { url: new URL('https://github.example/?a=b'), requestToken: new Secret('bearer') };
const validity = { issuedAt: 1, expiresAt: 2 };
const renewableUntil = 3;
const spec: RefreshSpec = {
  loginId: 'a1',
  directory: '/tmp/oci-wif-action-a1',
  sessionDirectory: '/home/x/.oci/sessions/P',
  domainUrl: new URL('https://domain.example'),
  limits: { maxAttempts: 5, requestTimeoutMs: 1, timeoutMs: 2 },
  targets: [
    {
      kind: 'session',
      validity,
      renewableUntil,
      source,
      client,
      config: { audience: 'a', tenancy: 't', resource: { type: 'ci', lifetimeSeconds: 900 } },
      publicKey: { publicKeyBase64: 'k', publicJwk: { n: 'n', e: 'e' } },
      macKey: new Secret('mac-key'),
      tokenFiles: [
        { file: '/s/token', keyFile: '/s/key', lock: '/l' },
        { file: '/t/token', keyFile: '/t/key', lock: null },
      ],
    },
    { kind: 'id-token', validity, renewableUntil, source, audience: 'a', file: '/t/id' },
    { kind: 'access-token', validity, renewableUntil, client, scope: '/', audience: 's', file: '/t/aws' },
  ],
};

/** Everything in a value as plain data, secrets revealed. */
const plain = (value: RefreshSpec) => JSON.parse(serializeRefreshSpec(value).reveal()) as unknown;

describe('parseRefreshSpec', () => {
  it('returns what was serialized, with every secret wrapped', () => {
    const parsed = parseRefreshSpec(serializeRefreshSpec(spec).reveal());
    expect(plain(parsed)).toEqual(plain(spec));
    for (const text of [inspect(parsed, { depth: 9 }), JSON.stringify(parsed)])
      expect(text).not.toMatch(/bearer|client-secret|mac-key/);
  });

  it('accepts a login without session directory and resource', () => {
    const [session] = spec.targets;
    if (session?.kind !== 'session') throw new Error('no session');
    const config = { audience: 'a', tenancy: 't', resource: undefined };
    const least = { ...spec, sessionDirectory: undefined, targets: [{ ...session, config }] };
    expect(parseRefreshSpec(serializeRefreshSpec(least).reveal())).toEqual(least);
  });

  it('throws an error without the text when that is cut off', () => {
    const json = serializeRefreshSpec(spec).reveal();
    for (const text of ['', json.slice(0, -1), json.replace('{', '[')])
      expect(() => parseRefreshSpec(text)).toThrow(
        /^The refresher received instructions that it cannot read\.$/,
      );
  });
});

describe('serializeRefreshSpec', () => {
  it('returns a secret', () => {
    const serialized = serializeRefreshSpec(spec);
    expect(`${serialized}${JSON.stringify(serialized)}${inspect(serialized)}`).not.toMatch(/bearer|client/);
  });
});

describe('withoutFiles', () => {
  it.each([
    [[], ['/s/token', '/t/token', '/t/id', '/t/aws']],
    [
      ['/s/token', '/t/id'],
      ['/t/token', '/t/aws'],
    ],
    [['/s/token', '/t/token', '/t/aws'], ['/t/id']],
    [['/s/token', '/t/token', '/t/id', '/t/aws'], []],
  ])('of %j leaves %j', (files, left) => {
    const targets = withoutFiles(spec.targets, files);
    expect(filesOf(targets)).toEqual(left);
    expect(targets.length).toBeLessThanOrEqual(left.length || 0);
  });
});
