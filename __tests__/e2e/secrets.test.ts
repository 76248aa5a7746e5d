// Secrets are masked on receipt and appear nowhere. The output of every other e2e test is scanned too.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { leaks, logOf, maskedIn, startJourney } from './journey.ts';
import { until } from './refresher.ts';

describe('secrets', () => {
  it('are masked before the first log line, each line of the key separately', async () => {
    const { emulator, main } = await startJourney();
    const stage = await main({}, { env: { RUNNER_DEBUG: '' } });
    const masked = maskedIn(stage);
    const [secret, basic, requestToken, ...rest] = masked;
    const { 'client-id': id, 'client-secret': clientSecret } = emulator.inputs;
    expect([secret, basic, requestToken]).toEqual([
      clientSecret,
      Buffer.from(`${id}:${clientSecret}`).toString('base64'),
      emulator.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    ]);
    const pem = readFileSync(stage.outputs['private-key-file'] ?? '', 'utf8')
      .trimEnd()
      .split('\n');
    // The key is generated while GitHub responds: either can be first.
    const isKey = (text: string) => pem.includes(text);
    expect(rest.filter(isKey)).toEqual(pem);
    const [jwt, ...tokens] = rest.filter((text) => !isKey(text));
    expect(jwt?.split('.')).toHaveLength(3);
    expect(tokens).toEqual([stage.outputs['security-token']]);
    expect(logOf(stage).startsWith('Logged in')).toBe(true);
  });

  it.each([
    {
      stalled: 'github',
      masks: 3,
      what: 'client secret, Basic value and request token before the request to GitHub',
    },
    {
      stalled: 'domain',
      masks: 4 + 28,
      what: 'the JWT and every line of the key before the request to the domain',
    },
  ] as const)('are masked in time: $what', async ({ stalled, masks }) => {
    const { emulator, main } = await startJourney();
    emulator.faults.add({ service: stalled, fault: { kind: 'stall-before-headers' } });
    const controller = new AbortController();
    const running = main({}, { signal: controller.signal });
    await until(() => emulator.journal.some(({ service }) => service === stalled));
    controller.abort();
    const stage = await running;
    // The key is masked as soon as it is generated, which can be before or after GitHub's response.
    const masked = maskedIn(stage).length;
    expect([masks, masks + 28]).toContain(stalled === 'github' ? masked : masks);
    if (stalled === 'domain') expect(masked).toBe(masks);
  });

  it('are found by the scan when they appear in any encoding', async () => {
    const { job, main } = await startJourney();
    const stage = await main();
    const token = stage.outputs['security-token'] ?? '';
    const encodings = [
      encodeURIComponent(`${token} `),
      JSON.stringify({ token }),
      Buffer.from(token).toString('hex'),
      Buffer.from(token).toString('hex').toUpperCase(),
      ...['', 'a', 'ab'].map((before) => Buffer.from(`${before}${token}:`).toString('base64')),
      Buffer.from(`:${token}`).toString('base64url'),
    ];
    for (const encoding of encodings)
      expect(leaks({ ...stage, summary: `x${encoding}y` }, job, [token])).toEqual([
        'summary',
        'summary as shown',
      ]);
    const escaped = token.replaceAll(/[_.]/g, (mark) => `&#${mark.charCodeAt(0)};`);
    expect(leaks({ ...stage, summary: escaped }, job, [token])).toContain('summary as shown');
    const odd = 'pass"word\\ +%/ä';
    for (const encoding of [
      JSON.stringify(odd),
      new URLSearchParams({ odd }).toString(),
      encodeURIComponent(odd),
    ])
      expect(leaks({ ...stage, stderr: encoding }, job, [odd])).toEqual(['stderr']);
    expect(leaks({ ...stage, state: { a: token } }, job, [token])).toEqual(['state']);
    writeFileSync(path.join(job.workspace, 'left'), Buffer.from(token).toString('base64'));
    expect(leaks(stage, job, [token])).toEqual(['left']);
  });
});
