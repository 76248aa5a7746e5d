// What goes to which stream, colors, questions, and readers that end early.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createTerminal } from '../../cli/terminal.ts';

/** A terminal, or pipes, and what was written to them. */
function streams({ isTTY = false, env = {} as Record<string, string> } = {}) {
  const written = { stdout: '', stderr: '' };
  const stream = () => Object.assign(new PassThrough(), { isTTY });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  stdout.on('data', (chunk) => (written.stdout += chunk));
  stderr.on('data', (chunk) => (written.stderr += chunk));
  return { stdin, written, terminal: createTerminal({ stdin, stdout, stderr }, (name) => env[name]) };
}

describe('a terminal', () => {
  it('writes results to standard output, and everything else to standard error', () => {
    const { terminal, written } = streams();
    terminal.printJson({ name: '##[group]##vso[x]\u009b\u202e' });
    terminal.progress('step');
    terminal.warn('careful');
    terminal.error('broken');
    expect(written).toEqual({
      stdout: '{\n  "name": "##\\u005bgroup]##vso\\u005bx]\\u009b\\u202e"\n}\n',
      stderr: 'step\nwarning: careful\nerror: broken\n',
    });
  });

  it('writes no command of the runner and no control character in a message', () => {
    const { terminal, written } = streams();
    const text = '::set-env name=x::y\u001b[2J\r##[group]##vso[task.complete]';
    terminal.progress(`\u001b[8m${text}`);
    terminal.print(`\u001b[32mone\u001b[39m\n${text}`);
    const safe = ': :set-env name=x::y [2J ## [group]##vso [task.complete]\n';
    expect(written).toEqual({
      stderr: ` [8m${safe.replace(': :', '::')}`,
      stdout: `\u001b[32mone\u001b[39m\n${safe}`,
    });
  });

  it.each([
    ['in a terminal', true, {}, '\u001b[32m+\u001b[39m'],
    ['in a pipe', false, {}, '+'],
    ['with NO_COLOR', true, { NO_COLOR: '1' }, '+'],
    ['with an empty NO_COLOR', true, { NO_COLOR: '' }, '\u001b[32m+\u001b[39m'],
    ['with TERM=dumb', true, { TERM: 'dumb' }, '+'],
  ])('has colors %s as it should', (_what, isTTY, env, text) => {
    expect(streams({ isTTY, env }).terminal.style('green', '+')).toBe(text);
  });
});

describe('a question', () => {
  it.each([
    ['yes\n', true],
    ['  yes \r\n', true],
    ['y\n', false],
    ['YES\n', false],
    ['\n', false],
  ])('that is answered by %j is confirmed: %s', async (typed, isConfirmed) => {
    const { terminal, stdin, written } = streams({ isTTY: true });
    const confirmed = terminal.confirm('Apply?', 'yes');
    setImmediate(() => stdin.write(typed));
    expect(await confirmed).toBe(isConfirmed);
    expect(written.stdout).toBe('');
    expect(written.stderr).toContain('Apply? Type yes to continue: ');
  });

  it('is not confirmed when the input ends', async () => {
    const { terminal, stdin, written } = streams({ isTTY: true });
    const confirmed = terminal.confirm('Apply?', 'yes');
    setImmediate(() => stdin.end());
    expect(await confirmed).toBe(false);
    expect(written.stderr).toMatch(/\n$/);
  });

  it('is an error when nobody can answer, and names the option that replaces it', async () => {
    const { terminal } = streams();
    expect(terminal.isInteractive).toBe(false);
    await expect(terminal.confirm('Apply?', 'yes', '`--yes`')).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      remedy: 'Add `--yes`.',
    });
    await expect(terminal.confirm('Apply?', 'Default')).rejects.toMatchObject({
      remedy: 'Run the command in a terminal.',
    });
  });
});

it('ends as usual when the reader of its output ends first', async () => {
  const main = path.join(import.meta.dirname, '../../cli/main.ts');
  const child = spawn(process.execPath, [main, 'setup', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const exitCode = await new Promise((resolve) => child.on('close', resolve));
  expect([exitCode, stderr]).toEqual([0, '']);
});
