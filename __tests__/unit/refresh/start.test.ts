import { describe, expect, it } from '@jest/globals';
import { parseRefreshSpec } from '../../../src/refresh/spec.ts';
import { type InstalledFiles, type RefresherDeps, startRefresher } from '../../../src/refresh/start.ts';
import { Secret } from '../../../src/secret.ts';

const NOW = Date.parse('2026-11-26T08:00:00Z');
const HOUR = 3_600_000;

/** For how many hours the process that this starts renews the session, or the access token for AWS. */
async function endOf(endsAt: number | undefined, longestMs?: number, aws?: object): Promise<number> {
  let instructions = new Secret('');
  const deps = {
    runner: { info: () => {} },
    files: { list: () => [] },
    clock: { now: () => NOW },
    background: {
      start: async (command: { instructions: Secret }) => {
        instructions = command.instructions;
        return 4711;
      },
    },
    program: ['/refresher.js'],
    findIdTokens: () => ({ spec: {}, endsAt }),
    until: 'until the job ends',
    ...(longestMs && { longestMs }),
  } as unknown as RefresherDeps;
  const config = {
    domainUrl: new URL('https://idcs.example.com'),
    oci: { configFile: '/home/me/.oci/config', profile: 'DEFAULT' },
  } as unknown as Parameters<typeof startRefresher>[1];
  const session = { sessionToken: { expiresAt: NOW + HOUR }, keyPair: {} };
  const what = aws === undefined ? { session } : { aws };
  const installed = { loginId: 'a1', directory: '/tmp/a1', ...what } as unknown as InstalledFiles;
  await startRefresher(deps, config, installed);
  const [target] = parseRefreshSpec(instructions.reveal()).targets;
  return ((target?.renewableUntil ?? 0) - NOW) / HOUR;
}

describe('startRefresher', () => {
  it('renews for five days, the longest job of GitHub, when nothing ends earlier', async () => {
    expect(await endOf(undefined)).toBe(120);
  });

  it('ends with its source of ID tokens, or at its deadline, whichever is first', async () => {
    expect(await endOf(NOW + HOUR, 24 * HOUR)).toBe(1);
    expect(await endOf(NOW + 48 * HOUR, 24 * HOUR)).toBe(24);
    expect(await endOf(undefined, 24 * HOUR)).toBe(24);
  });

  it('renews an access token for AWS to its deadline, because that needs no ID token', async () => {
    const config = { credentialSource: 'web-identity', client: { kind: 'secret' } };
    const aws = { config, role: { identity: { expiresAt: NOW + HOUR } }, tokenFile: '/tmp/a1/aws' };
    expect(await endOf(NOW + HOUR, undefined, aws)).toBe(120);
  });
});
