// How the process in the background has work done by another: code, arguments and input go in by pipes, lines come out.
import { describe, expect, it } from '@jest/globals';
import { doze, runCode, watch } from '../../../src/node/worker.ts';

async function run(code: string, input = '', ending = new AbortController().signal) {
  const lines: string[] = [];
  const ended = await runCode(code, ['session'], input, { onLine: (line) => lines.push(line), ending });
  return { ended, lines };
}

describe('code that is run', () => {
  it('gets its arguments and its input, and gives its lines', async () => {
    const input = 'x'.repeat(300_000);
    const code =
      "import fs from 'node:fs'; const text = fs.readFileSync(3, 'utf8'); console.log(process.argv[2]); console.log(text.length); process.stdout.write('rest');";
    expect(await run(code, input)).toEqual({ ended: 'exit code 0', lines: ['session', '300000'] });
  });

  it.each([
    ['that fails', 'process.exit(3)', 'exit code 3'],
    ['that is killed', "process.kill(process.pid, 'SIGKILL')", 'SIGKILL'],
    ['that reads nothing', 'process.exit(0)', 'exit code 0'],
  ])('%s says how it ended', async (_what, code, ended) => {
    expect(await run(code, 'y'.repeat(300_000))).toEqual({ ended, lines: [] });
  });

  it('is killed when the end comes', async () => {
    const end = new AbortController();
    const running = run("console.log('up'); setInterval(() => {}, 1000);", '', end.signal);
    setTimeout(() => end.abort('enough'), 500);
    expect((await running).ended).toBe('SIGKILL');
  });
});

describe('a watch', () => {
  it('looks at once at what may have been gone before', () => {
    let looks = 0;
    watch(['/nonexistent-directory'], () => {
      looks += 1;
    });
    expect(looks).toBe(1);
  });
});

describe('a doze', () => {
  it('ends with the end, or is none behind it', async () => {
    const end = new AbortController();
    const dozing = doze(60_000, end.signal);
    end.abort();
    await dozing;
    await doze(60_000, end.signal);
    expect(end.signal.aborted).toBe(true);
  });
});
