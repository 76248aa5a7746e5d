// Limits of the programs that a command runs.
import { describe, expect, it } from '@jest/globals';
import { runProgram } from '../../../cli/connect/program.ts';
import { Secret } from '../../../src/secret.ts';

const run = (script: string, more: Parameters<typeof runProgram>[3] = {}) =>
  runProgram(process.execPath, ['-e', script], 'Install it.', more);

describe('runProgram', () => {
  it('ends a program that ignores signals, and does not wait for what it has started', async () => {
    const script = `
      process.on('SIGTERM', () => {});
      const { spawn } = require('node:child_process');
      const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'inherit' });
      process.stdout.write(String(other.pid));
      setInterval(() => {}, 1000);`;
    const { exceeded, stdout } = await run(script, { limits: { milliseconds: 5000, bytes: 100 } });
    expect(exceeded).toBe('time');
    expect(stdout).toMatch(/^[1-9]\d*$/); // 0 would be this process and all of its group
    expect(process.kill(Number(stdout), 'SIGKILL')).toBe(true);
  });

  it('gives the environment that it gets, and no other', async () => {
    const environment = { ONLY: new Secret('this') };
    const { stdout } = await run('process.stdout.write(Object.keys(process.env).join())', { environment });
    expect(stdout.split(',').filter((name) => !/^(__|NODE_)/.test(name))).toEqual(['ONLY']);
  });

  it('reports a program that the system refuses to start', async () => {
    const tooLong = ['a'.repeat(4_000_000)];
    await expect(runProgram(process.execPath, tooLong, 'Install it.')).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringContaining('cannot be started (E2BIG)'),
    });
  });
});
