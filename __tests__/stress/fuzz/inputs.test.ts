// Generated inputs give a valid config, or a one-line error that names each invalid input and no secret.
import path from 'node:path';
import { inspect } from 'node:util';
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { basicsOf } from '../../../src/inputs/client-credentials.ts';
import { type Config, readConfig } from '../../../src/inputs/config.ts';
import type { InputContext } from '../../../src/inputs/parsers.ts';
import { isInside } from '../../../src/inputs/paths.ts';
import { INPUTS, type InputName, type InputRule } from '../../../src/inputs/schema.ts';
import { configWarnings } from '../../../src/inputs/warnings.ts';
import { sessionPaths } from '../../../src/profiles/oci-profile.ts';
import { holds } from './fuzz.ts';
import { hostileText, mutated } from './hostile.ts';
import { RIGHT, WRONG } from './input-values.ts';
import { failureOf, LINE_BREAKERS } from './verdict.ts';

const MARKER = 'hunter2-of-the-client';
const NAMES = Object.keys(INPUTS) as InputName[];
const isSecret = (name: InputName) => (INPUTS[name] as InputRule<unknown>).secret === true;
type Inputs = Partial<Record<InputName, string>>;

const context: fc.Arbitrary<InputContext> = fc
  .constantFrom(undefined, '/srv/repo', '/etc/sessions', '/b/sessions/x', '/home/x/.oci', '/')
  .map((workspace) => ({ home: '/home/x', workspace }));

const around = (text: string) => MARKER + text;
const anyOf = (name: InputName): fc.Arbitrary<string> => {
  const [right, wrong] = [fc.constantFrom(...RIGHT[name]), fc.constantFrom(...WRONG[name])];
  const text = fc.oneof(hostileText, mutated(right), mutated(wrong), wrong);
  return isSecret(name) ? text.map(around) : text;
};
const goodOf = (name: InputName) =>
  isSecret(name) ? fc.constantFrom(...RIGHT[name]).map(around) : fc.constantFrom(...RIGHT[name]);

const WITHOUT_KUBECTL = { 'oke-cluster': '', 'oke-endpoint': '', 'oke-server': '', 'oke-merge': '' };
const WITHOUT_OCIR = { 'ocir-registries': '', 'ocir-login': '' };

/** Valid inputs without conflicts; optional ones may be absent. */
const good: fc.Arbitrary<Inputs> = fc
  .record(Object.fromEntries(NAMES.map((name) => [name, fc.tuple(goodOf(name), fc.boolean())])))
  .chain((all) =>
    fc.tuple(fc.boolean(), fc.constantFrom('upst', 'rpst', 'none')).map(([toAws, type]) => {
      const isNeeded = (name: InputName) =>
        (INPUTS[name] as InputRule<unknown>).required ||
        ['client-id', 'client-secret', 'region', 'aws-role-arn', 'aws-region'].includes(name);
      const entries = NAMES.filter((name) => toAws || !name.startsWith('aws-'))
        .filter((name) => isNeeded(name) || all[name]?.[1])
        .map((name) => [name, all[name]?.[0] ?? '']);
      const pair = {
        'aws-client-id': 'app',
        'aws-client-secret': MARKER,
        'aws-credential-source': 'session',
        'aws-token-source': 'client',
      };
      const rest = { 'token-type': toAws || type === 'rpst' ? type : 'upst', 'output-credentials': 'true' };
      const ofSession =
        rest['token-type'] === 'none'
          ? { verify: '', 'verify-endpoint': '', refresh: '', 'export-for': '' }
          : { verify: 'true' };
      const principal =
        type === 'rpst'
          ? { 'resource-type': 'github-acme', 'trust-rule': '' }
          : { 'resource-type': '', 'rpst-lifetime-seconds': '' };
      const given: Inputs = { ...Object.fromEntries(entries), ...rest, ...ofSession, ...principal };
      const isForKubectl = given['export-for']?.includes('kubectl');
      const ofKubectl = isForKubectl ? { 'oke-cluster': RIGHT['oke-cluster'][0] } : WITHOUT_KUBECTL;
      const ofOcir = given['export-for']?.includes('ocir') ? {} : WITHOUT_OCIR;
      return { ...given, ...ofKubectl, ...ofOcir, ...(toAws && pair) } as Inputs;
    }),
  );

const wrongSome = fc
  .uniqueArray(fc.constantFrom(...NAMES), { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, anyOf(name)]))));
const nearlyValid = fc.tuple(good, wrongSome).map(([base, wrong]): Inputs => ({ ...base, ...wrong }));
const random: fc.Arbitrary<Inputs> = fc.record(Object.fromEntries(NAMES.map((name) => [name, anyOf(name)])));

function read(inputs: Inputs, where: InputContext): Config {
  return readConfig((name) => (inputs[name] ?? '').trim(), where);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof URL) return [value.href];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function expectOrigin(url: URL): void {
  expect(url.href).toBe(`${url.origin}/`);
  expect([url.username, url.password]).toEqual(['', '']);
  expect(url.href).toMatch(/^https:|^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/);
}

function expectSafeFile(file: string, profile: string, { workspace }: InputContext): void {
  expect(path.isAbsolute(file) && path.normalize(file) === file && !file.endsWith('/')).toBe(true);
  const { keyFile, tokenFile } = sessionPaths(file, profile);
  for (const written of workspace === undefined ? [] : [file, keyFile, tokenFile])
    expect(isInside(written, workspace ?? '')).toBe(false);
}

function expectValid(config: Config, where: InputContext): void {
  const { domainUrl, oci, aws, client } = config;
  expectOrigin(domainUrl);
  expect([config, oci ?? config, aws ?? config].every(Object.isFrozen)).toBe(true);
  if (client.kind === 'secret') expect(client.clientId).toMatch(/^[!-9;-~]{1,255}$/);
  const ranges: [number, number, number][] = [
    [config.retryMaxAttempts, 1, 20],
    [config.requestTimeoutMs, 1000, 300_000],
    [config.timeoutMs, 1000, 3_600_000],
    [aws?.durationSeconds ?? 900, 900, 43_200],
  ];
  for (const [value, least, most] of ranges)
    expect(Number.isInteger(value) && value >= least && value <= most).toBe(true);
  for (const profile of [oci?.profile ?? 'x', aws?.profile ?? 'x'])
    expect(profile).toMatch(/^(?!\.{1,2}$)[\w.@-]{1,64}$/);
  for (const region of [oci?.region ?? 'a-b-1', aws?.region ?? 'a-b-1'])
    expect(region).toMatch(/^[a-z]+(-[a-z\d]+)+$/);
  if (oci !== undefined) expectSafeFile(oci.configFile, oci.profile, where);
  if (aws?.stsEndpoint !== undefined) expectOrigin(aws.stsEndpoint);
  const texts = [...textsIn(config), ...configWarnings(config)];
  for (const text of texts)
    if (LINE_BREAKERS.test(text)) throw new Error(`more than a line: ${inspect(text)}`);
  const dumped = inspect(config, { depth: null }) + JSON.stringify(config) + texts.join();
  const secrets = [MARKER, ...basicsOf(client, aws?.client).map((basic) => basic.reveal())];
  expect(secrets.filter((secret) => dumped.includes(secret))).toEqual([]);
}

const LONGEST_ERROR = 400;

async function expectConfigOrError(inputs: Inputs, where: InputContext): Promise<void> {
  const failure = await failureOf(() => expectValid(read(inputs, where), where));
  if (failure === undefined) return;
  const { code, message } = failure;
  expect(code).toBe('INPUT_INVALID');
  if (LINE_BREAKERS.test(message)) throw new Error(`more than a line: ${inspect(message)}`);
  expect(message).toMatch(/^`[a-z-]+` [\s\S]+\.$/);
  expect(message.length).toBeLessThan(LONGEST_ERROR * NAMES.length);
  expect(`${message}${failure.stack}`.includes(MARKER)).toBe(false);
}

/** Names at the beginning of errors. Quoted values are removed first, because they may look like names. */
function namesIn(message: string): string[] {
  const errors = message.replace(/"(\\.|[^"\\])*"/g, '""');
  return [...errors.matchAll(/(?:^|; )`([a-z-]+)`/g)].map(([, name = '']) => name);
}

const one = fc.constantFrom(...NAMES).chain((name) => anyOf(name).map((raw) => ({ name, raw })));
const several = fc.tuple(good, fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }), fc.nat());

/** A complete AWS login, so that no AWS input is missing or without effect. */
const ROLE = {
  'aws-role-arn': RIGHT['aws-role-arn'][0],
  'aws-region': RIGHT['aws-region'][0],
  'aws-client-id': 'app',
  'aws-client-secret': MARKER,
  'output-credentials': 'true',
};

describe('inputs', () => {
  const nearly = fc.tuple(nearlyValid, context);
  holds('nearly valid inputs give a valid config or a one-line error', 10_000, nearly, ([inputs, where]) =>
    expectConfigOrError(inputs, where),
  );

  holds('random inputs give a one-line error', 3000, fc.tuple(random, context), ([inputs, where]) =>
    expectConfigOrError(inputs, where),
  );

  holds(
    'one invalid input gives a short error that names it',
    5000,
    fc.tuple(good, one),
    async ([base, { name, raw }]) => {
      const where = { home: '/home/x', workspace: undefined };
      const failure = await failureOf(() => read({ ...base, [name]: raw }, where));
      if (failure === undefined) return;
      expect(failure.message).toContain(`\`${name}\``);
      expect(failure.message.length).toBeLessThan(LONGEST_ERROR * namesIn(failure.message).length);
    },
  );

  holds('several invalid inputs are each named once', 4000, several, async ([base, names, pick]) => {
    const wrong = Object.fromEntries(names.map((name) => [name, WRONG[name][pick % WRONG[name].length]]));
    const all = { ...base, ...ROLE, ...wrong };
    const failure = await failureOf(() => read(all as Inputs, { home: '/home/x', workspace: '/srv/repo' }));
    expect(namesIn(failure?.message ?? '').toSorted()).toEqual(names.toSorted());
  });
});
