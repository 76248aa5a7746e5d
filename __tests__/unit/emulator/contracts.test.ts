import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { CONTRACTS } from '../../../emulator/server/contracts.ts';
import { RefusedRequest, serviceError } from '../../../emulator/server/refusal.ts';
import { startEmulator } from '../../../emulator/server/start.ts';

const REFUSALS = Object.values(CONTRACTS).flat();

describe('the refusals of the emulator', () => {
  it('each name a source, which an invented text does not have', () => {
    const wrong = REFUSALS.filter(
      ({ evidence, source }) => /^(text: )?none/.test(source) !== (evidence === 'invented'),
    );
    expect(wrong).toEqual([]);
  });

  it('are printed, each with its evidence and source, by `npm run emulator -- --contracts`', () => {
    const args = ['emulator/server/cli.ts', '--contracts'];
    const printed = execFileSync(process.execPath, args, { encoding: 'utf8' });
    for (const { text, evidence, source } of REFUSALS) {
      expect(printed).toContain(`  ${text}\n`);
      expect(printed).toContain(`  ${evidence} (${source})\n`);
    }
  });

  it('change their text, with `scrambleInventedTexts`, when it is invented and only then', async () => {
    const { world, close } = await startEmulator({ world: { scrambleInventedTexts: true } });
    const unchanged = REFUSALS.filter(
      (refusal) => serviceError(new RefusedRequest(refusal), world).text === refusal.text,
    );
    const fixed = REFUSALS.filter(({ evidence, text }) => evidence !== 'invented' && !text.includes('{'));
    expect(unchanged).toEqual(fixed);
    await close();
  });
});
