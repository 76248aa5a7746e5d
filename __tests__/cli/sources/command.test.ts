// A program that writes ID tokens: what it may write, and what happens when it does anything else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandSource } from '../../../cli/sources/command.ts';
import { parseExecutableResponse } from '../../../cli/sources/executable-response.ts';
import { jwtWith, NOW, stepDeps } from './tokens.ts';

const TYPE = 'urn:ietf:params:oauth:token-type:id_token';
const jwt = jwtWith({ iss: 'https://ci.example' });
const success = {
  version: 1,
  success: true,
  token_type: TYPE,
  id_token: jwt,
  expiration_time: NOW / 1000 + 60,
};

/** Runs a script of Node as the command. */
function request(script: string) {
  const { deps, masked } = stepDeps();
  const source = commandSource([process.execPath, '-e', script], '/');
  return source.request(deps, 'https://cloud.oracle.com').then((token) => ({ token, masked, source }));
}

const write = (text: string) => `process.stdout.write(${JSON.stringify(text)});`;

describe('the output of a command', () => {
  it.each([
    ['a JWT', jwt],
    ['a JWT and a line end', `${jwt}\r\n`],
    ['the JSON of a success', JSON.stringify(success)],
    [
      'the JSON with the token type jwt',
      JSON.stringify({ ...success, token_type: TYPE.replace(/id_token$/, 'jwt') }),
    ],
    ['the JSON without expiration_time', JSON.stringify({ ...success, expiration_time: undefined })],
    ['the JSON with a time in a string', JSON.stringify({ ...success, expiration_time: '1795651200' })],
  ])('is accepted: %s', (_what, output) => {
    expect(parseExecutableResponse(output)).toMatchObject({ token: jwt });
  });

  it.each<[output: unknown, fault: string]>([
    ['', 'wrote nothing'],
    [' \n', 'wrote nothing'],
    ['Token: abc', 'neither a JWT nor a JSON object'],
    [`${jwt} ${jwt}`, 'neither a JWT nor a JSON object'],
    [[success], 'neither a JWT nor a JSON object'],
    [{ ...success, version: 2 }, '"version": 1'],
    [{ ...success, version: '1' }, '"version": 1'],
    [{ ...success, success: 'true' }, '`success`'],
    [{ version: 1 }, '`success`'],
    [{ ...success, token_type: 'urn:ietf:params:oauth:token-type:saml2' }, '`token_type`'],
    [{ ...success, token_type: [TYPE] }, '`token_type`'],
    [{ ...success, token_type: undefined }, '`token_type`'],
    [{ ...success, id_token: undefined }, '`id_token`'],
    [{ ...success, id_token: { jwt } }, '`id_token`'],
    [{ ...success, expiration_time: -1 }, '`expiration_time`'],
    [{ ...success, expiration_time: '2026-11-26' }, '`expiration_time`'],
    [
      { version: 1, success: false, code: '401', message: 'no access' },
      'reported a failure (401: no access)',
    ],
    [{ version: 1, success: false }, 'reported a failure'],
    [{ version: 1, success: false, message: `bad ${jwt}` }, 'reported a failure (bad [redacted])'],
    [{ version: 1, success: false, message: '##[error]\n::error::x' }, '(## [error] : :error: :x)'],
  ])('is refused: %j', (output, fault) => {
    const text = typeof output === 'string' ? output : JSON.stringify(output);
    expect(parseExecutableResponse(text)).toMatchObject({ fault: expect.stringContaining(fault) });
  });

  it('is never shown, and never throws, whatever it is', () => {
    const secret = 'c2VjcmV0LXRva2Vu';
    const json = fc.json().map((text) => text.replaceAll(/"/g, `"${secret}`));
    const members = fc.record({ ...constants(success), success: fc.boolean() }, { requiredKeys: [] });
    const output = fc.oneof(
      fc.string(),
      json,
      members.map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(output, (text) => {
        const response = parseExecutableResponse(text);
        if ('fault' in response) expect(response.fault).not.toContain(secret);
        else expect(typeof response.token).toBe('string');
      }),
      { numRuns: 2000 },
    );
  });
});

/** Each member, or something else. */
function constants(members: Readonly<Record<string, unknown>>) {
  const other = fc.oneof(fc.constant(null), fc.string(), fc.integer(), fc.constant({}), fc.constant([]));
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, fc.oneof(fc.constant(value), other)]),
  );
}

describe('a command', () => {
  it('gives a token, which is masked, and the issuer its name', async () => {
    const { token, masked, source } = await request(write(JSON.stringify(success)));
    expect(token.expiresAt).toBe(NOW + 600_000);
    expect([masked, source.issuer]).toEqual([[jwt], 'ci.example']);
  });

  it.each<[what: string, script: string, code: string, message: string]>([
    [
      'exit code',
      `${write(jwt)} console.error('no agent ${jwt}'); process.exitCode = 3`,
      'ID_TOKEN_REFUSED',
      'failed with exit code 3: no agent [redacted].',
    ],
    [
      'a signal',
      "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)",
      'ID_TOKEN_REFUSED',
      'was ended by a signal',
    ],
    [
      'a reported failure',
      `${write('{"version":1,"success":false,"code":"7","message":"locked"}')} process.exitCode = 1`,
      'ID_TOKEN_REFUSED',
      'reported a failure (7: locked)',
    ],
    ['no output', '', 'ID_TOKEN_UNREADABLE', 'wrote nothing'],
    [
      'an endless output',
      "const f = () => { while (process.stdout.write('a'.repeat(65536))); process.stdout.once('drain', f); }; f()",
      'ID_TOKEN_REFUSED',
      'wrote more than 128 KiB',
    ],
    ['an expired token', write(jwtWith({ exp: NOW / 1000 - 3600 })), 'ID_TOKEN_EXPIRED', 'expired at'],
    [
      'an expired response',
      write(JSON.stringify({ ...success, expiration_time: 1 })),
      'ID_TOKEN_EXPIRED',
      '1970-01-01',
    ],
  ])('gives no token: %s', async (_what, script, code, message) => {
    const error = await request(script).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain(jwt.slice(0, 20));
  });

  it('that does not exist is named', async () => {
    const failed = commandSource(['/nowhere/id-token'], '/').request(stepDeps().deps, 'a');
    await expect(failed).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'The program /nowhere/id-token is not installed.',
    });
  });

  it('gets its arguments unchanged, without a shell', async () => {
    const words = ['$HOME', '; exit 7', '*', ''];
    const script = `process.stdout.write(JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(JSON.stringify(words))} ? '${jwt}' : 'no')`;
    const source = commandSource([process.execPath, '-e', script, '--', ...words], '/');
    await expect(source.request(stepDeps().deps, 'a')).resolves.toBeDefined();
  });
});
