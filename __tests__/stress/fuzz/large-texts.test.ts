// Texts of up to a megabyte, from servers and in files of users: the time grows with the length, not with its square.
import { describe, expect, it } from '@jest/globals';
import { assumeRole, type RoleRequest } from '../../../src/aws/assume-role.ts';
import { readWebIdentity } from '../../../src/aws/web-identity.ts';
import { processIdTokenResponse, readIdToken } from '../../../src/github/id-token.ts';
import { processNamespaceResponse } from '../../../src/oci/namespace.ts';
import { assertBindsKey, parseSessionToken } from '../../../src/oci/session-token.ts';
import type { Http, HttpResponse } from '../../../src/ports.ts';
import { faultsOf } from '../../../src/profiles/ini-faults.ts';
import { listSections, readKey } from '../../../src/profiles/ini-text.ts';
import { parseLog } from '../../../src/refresh/log.ts';
import { quote } from '../../../src/response.ts';
import { Secret } from '../../../src/secret.ts';

/** Linear work takes four times as long for four times the text; quadratic work, sixteen times. */
const MOST = 8;
/** Below this CPU time, a ratio shows the garbage collector rather than the work. */
const NOISE_US = 40_000;

async function cpuTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  try {
    await work();
  } catch {
    // A failure is a result. Its code is tested elsewhere.
  }
  return process.cpuUsage(before).user;
}

const SECRET = new Secret('a-secret-of-a-client');
const repeated = (piece: string, length: number) => piece.repeat(Math.ceil(length / piece.length));
const PIECES = {
  blanks: ' ',
  letters: 'a',
  'line ends': '\n',
  brackets: '[',
  braces: '{"a":',
  '&': '&',
  '<': '<',
  elements: '<a>',
  comments: '<!--',
  'character references': '&#65;',
  colons: ':',
  commands: '##[',
  'comment signs': ' #',
  'equals signs': ' = ',
  'the start of a transient refusal': '<Code>InvalidIdentityToken<',
};

function sts(text: string, status: number): Promise<unknown> {
  const response: HttpResponse = { status, headers: {}, text, host: 'sts' };
  const http: Http = {
    send: async () => response,
    retry: async (call, attempt) => {
      const result = await attempt();
      call.transientReason?.(result.response);
      return result;
    },
  };
  const arn = 'arn:aws:iam::123456789012:role/deploy';
  const request = {
    role: { arn, partition: 'aws', accountId: '123456789012' },
    region: 'eu-central-1',
    stsEndpoint: new URL('https://sts.eu-central-1.amazonaws.com'),
    sessionName: 'a@1',
    durationSeconds: 900,
    sessionPolicy: undefined,
    managedSessionPolicies: [],
  } as RoleRequest;
  return assumeRole(http, request, SECRET, 0);
}

const tokenOf = (payload: string) => new Secret(`e30.${Buffer.from(payload).toString('base64url')}.x`);
const claims = (member: string) =>
  `{"iss":"https://a.example","sub":"ocid1.user.oc1..a","exp":9999999999,${member}}`;
const forAws = { domainUrl: new URL('https://a.example'), audience: 'sts.amazon.com', scope: '/' };

/** Each reads a text of a server or of a file. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "STS's refusal": (text) => sts(text, 400),
  "STS's credentials": (text) => sts(text, 200),
  'a quoted text': (text) => quote(text, [SECRET]),
  "GitHub's response": (text) => processIdTokenResponse({ status: 200, headers: {}, text }),
  'the namespace': (text) => processNamespaceResponse({ status: 401, headers: {}, text }, SECRET),
  'a claim of the ID token': (text) => readIdToken(tokenOf(claims(`"sub":${JSON.stringify(text)}`))),
  'the sections of a config': (text) => listSections(`[a]\n${text}b`),
  'a key of a config': (text) => readKey(`[a]\nb${text}c\nd=e${text}f\n`, 'd'),
  'the faults of a config': (text) => faultsOf(`[a]\nb${text}c\nd=e${text}f\n`),
  'the log of the refresher': (text) => parseLog(text),
};

describe('the time for a large text grows no faster than its length', () => {
  const cases = Object.keys(READERS).flatMap((reader) => Object.keys(PIECES).map((piece) => [reader, piece]));
  it.each(cases as [keyof typeof READERS, keyof typeof PIECES][])('%s: %s', async (reader, piece) => {
    const read = READERS[reader] ?? (() => {});
    await expectLinear((length) => {
      const text = repeated(PIECES[piece], length);
      return () => read(text);
    });
  });

  it.each<[string, (length: number) => () => unknown]>([
    [
      'audiences and scopes of an access token',
      (length) => {
        const words = Array.from({ length: length / 20 }, (_, at) => `word${at}`);
        const aud = JSON.stringify(['sts.amazon.com', ...words.map((word) => `${word}#`)]);
        const token = tokenOf(claims(`"aud":${aud},"scope":"${words.join(' ')}"`));
        return () => readWebIdentity(token, forAws, 0);
      },
    ],
    [
      'the modulus of a bound key',
      (length) => {
        const token = tokenOf(
          claims(`"tenant":"ocid1.tenancy.oc1..a","jwk":{"n":"${'A'.repeat(length)}","e":"AQAB"}`),
        );
        return () =>
          assertBindsKey(parseSessionToken(token, undefined, undefined), {
            publicJwk: { n: 'AQ', e: 'AQAB' },
          });
      },
    ],
  ])('%s', (_what, prepare) => expectLinear(prepare));
});

async function expectLinear(prepare: (length: number) => () => unknown): Promise<void> {
  await cpuTime(prepare(16_000)); // compiles
  let length = 16_000;
  let time = await cpuTime(prepare(length));
  while (time < NOISE_US && length < 256_000) {
    length *= 2;
    time = await cpuTime(prepare(length));
  }
  const most = MOST * Math.max(NOISE_US, time);
  const large = prepare(4 * length);
  // The second try is for a collection of garbage that falls into the first.
  const isLinear = (await cpuTime(large)) <= most || (await cpuTime(large)) <= most;
  expect(isLinear).toBe(true);
}
