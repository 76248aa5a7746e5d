// Responses of servers: every status, header and body, some of which repeat secrets of the request.
import fc from 'fast-check';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpResponse } from '../../../src/ports.ts';
import { deepJson, hostileObject, hostileText, hostileValue, mutated } from './hostile.ts';
import { encodingsOf } from './verdict.ts';

export type Outcome = HttpResponse | TransportError;

/** A client secret, a JWT and a bearer token. Each differs in every encoding. */
export const SECRETS = [
  'p@ss/word+of=the&client ö%',
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2lnbmF0dXJl',
  'bearer+of/the=job',
] as const;

const echo = fc
  .constantFrom(...SECRETS, Buffer.from(`app:${SECRETS[0]}`).toString('base64'))
  .chain((secret) => fc.constantFrom(...encodingsOf(secret)))
  .chain((form) => hostileText.map((text) => `sent ${form} ${text}`));
const serverText = fc.oneof(echo, hostileText, hostileValue);

const CODES = [
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'constructor',
  'toString',
  '__proto__',
  'AccessDenied',
  'InvalidIdentityToken',
  'IDPCommunicationError',
  'ExpiredTokenException',
  'Unknown',
];
const code = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...CODES) }, serverText);
const token = fc.oneof(
  fc.constantFrom<string>(SECRETS[1], '', 'a.b', '..'),
  mutated(fc.constant(SECRETS[1])),
);

/** Valid and invalid bodies of a token endpoint. */
export const jsonBody: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: hostileObject({
      error: code,
      error_description: fc.oneof(serverText, fc.constantFrom('No rule matched', 'not a service user')),
      detail: serverText,
    }),
  },
  { weight: 3, arbitrary: hostileObject({ token, access_token: token, value: token }) },
  fc.json({ maxDepth: 3 }),
  mutated(fc.constant('{"token":"a.b.c"}')),
  deepJson,
  hostileText,
  fc.constantFrom('', '<html><body>502</body></html>', 'null', '[]', '"x"', '\ufeff{}'),
);

const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB').toString('base64');
const yamlOf = (server: string, ca: string) =>
  `---\napiVersion: v1\nclusters:\n- name: c\n  cluster:\n    server: ${server}\n    certificate-authority-data: ${ca}\nusers: []\n`;
const servers = fc.constantFrom(
  'https://10.0.0.1:6443',
  '"https://[fd00::1]:6443"',
  'http://x',
  'https://a:b@x',
);
const yaml = fc.tuple(fc.oneof(servers, hostileText), fc.oneof(fc.constant(certificate), hostileText));
const kubeconfig = yaml.map(([server, ca]) => yamlOf(server, ca));

/** Valid and invalid kubeconfigs of OKE. */
export const kubeconfigBody: fc.Arbitrary<string> = fc.oneof(kubeconfig, mutated(kubeconfig));

const inXml = (value: unknown) => String(typeof value === 'object' ? JSON.stringify(value) : value);
const escaped = (text: string) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const xmlText = fc
  .tuple(serverText.map(inXml), fc.boolean())
  .map(([text, raw]) => (raw ? text : escaped(text)));
const xmlCode = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...CODES) }, xmlText);

const xmlError = fc
  .record({ code: xmlCode, message: xmlText, id: xmlText, nested: fc.boolean() })
  .map(({ code: wire, message, id, nested }) => {
    const inside = nested ? `<Inner>${message}</Inner>` : message;
    return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${wire}</Code><Message>${inside}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`;
  });

const mostly = (good: string) => fc.oneof({ weight: 5, arbitrary: fc.constant(good) }, xmlText);
const xmlResult = fc
  .record({
    id: mostly('ASIAEXAMPLE'),
    key: mostly('key'),
    token: mostly('session'),
    expiration: fc.oneof(
      mostly('2031-01-01T00:00:00Z'),
      fc.constantFrom('2029-01-01T00:00:00Z', 'soon', '9e99'),
    ),
    arn: mostly('arn:aws:sts::123456789012:assumed-role/deploy/a@1'),
    request: mostly('r-1'),
  })
  .map(
    (all) =>
      `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${all.id}</AccessKeyId><SecretAccessKey>${all.key}</SecretAccessKey><SessionToken>${all.token}</SessionToken><Expiration>${all.expiration}</Expiration></Credentials><AssumedRoleUser><Arn>${all.arn}</Arn><AssumedRoleId>A:b</AssumedRoleId></AssumedRoleUser></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>${all.request}</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`,
  );

/** Bodies of STS, with escaped or unescaped text. */
export const xmlBody: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: xmlError },
  { weight: 3, arbitrary: xmlResult },
  mutated(xmlError),
  mutated(xmlResult),
  fc.constant('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'),
);

const status = fc.oneof(
  { weight: 3, arbitrary: fc.constant(200) },
  { weight: 5, arbitrary: fc.constantFrom(400, 401, 403) },
  fc.constantFrom(0, 100, 201, 204, 302, 307, 404, 408, 418, 429, 500, 502, 503, 599, 999),
);
const id = fc.oneof(fc.constant('r-1'), hostileText, echo);
const headers = fc.record(
  {
    'opc-request-id': fc.oneof<fc.Arbitrary<string | string[]>[]>(id, fc.constant(['a', 'b'])),
    'x-oracle-dms-ecid': id,
    'x-github-request-id': id,
    'x-amzn-requestid': id,
    date: fc.oneof(fc.constantFrom('Tue, 01 Jan 2030 00:00:00 GMT', '', '1e308'), hostileText),
    'retry-after': hostileText,
    'content-type': fc.oneof(fc.constantFrom('application/json', 'text/xml', 'text/html'), hostileText),
  },
  { requiredKeys: [] },
);
const failure = fc
  .record({
    failure: fc.constantFrom('unreachable', 'untrusted', 'timed-out', 'unusable'),
    late: fc.boolean(),
  })
  .map(
    ({ failure: what, late }) => new TransportError(what as TransportError['failure'], 'no response', late),
  );

/** A response with one of these bodies, or sometimes a TransportError. */
export function outcomeOf(body: fc.Arbitrary<string>): fc.Arbitrary<Outcome> {
  const whole = fc.record({ status, headers, text: body });
  return fc.oneof<fc.WeightedArbitrary<Outcome>[]>(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: failure },
  );
}
