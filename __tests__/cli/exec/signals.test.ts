// Signals to `oci-wif exec`, from programs and from a terminal.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MAIN, startExecJob, startProgram } from './exec-job.ts';

const job = await startExecJob();
const { emulator, start } = job;

/** Prints the name of each signal, and ends after `count` of them. */
const listener = (count: number) =>
  ['TERM', 'HUP', 'USR1', 'USR2', 'INT', 'QUIT']
    .map((name) => `trap 'echo ${name}; n=$((n + 1))' ${name}`)
    .concat('n=0; echo ready', `while [ $n -lt ${count} ]; do sleep 0.02; done`, 'sleep 0.2; exit 9')
    .join('\n');

const exec = (script: string) => start(['--', 'sh', '-c', script]);

describe('a signal', () => {
  it.each(['TERM', 'HUP', 'USR1', 'USR2', 'INT', 'QUIT'])(
    '%s is forwarded once, and the exit code is that of the command',
    async (name) => {
      const { process: parent, shows, end } = exec(listener(1));
      await shows('ready');
      parent.kill(`SIG${name}` as NodeJS.Signals);
      const { exitCode, stdout } = await end;
      expect([exitCode, String(stdout)]).toEqual([9, `ready\n${name}\n`]);
    },
  );

  it('does not end exec while the command ignores it', async () => {
    const file = path.join(job.home(), 'go');
    const {
      process: parent,
      shows,
      end,
    } = exec(
      `trap '' TERM INT HUP; echo ready; until [ -e '${file}' ]; do sleep 0.02; done; rm '${file}'; ls "$OCI_CONFIG_FILE"`,
    );
    await shows('ready');
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGTERM'] as const) parent.kill(signal);
    writeFileSync(file, '');
    const { exitCode, stdout } = await end;
    expect([exitCode, String(stdout)]).toEqual([0, expect.stringContaining('/.oci/config')]);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s during the login ends exec at once: the command is not started, and nothing is left',
    async (signal) => {
      emulator.faults.add({ service: 'domain', fault: { kind: 'stall-before-headers' } });
      const file = path.join(job.home(), 'started');
      const before = emulator.journal.length;
      const { process: parent, end } = start(['--', 'touch', file]);
      while (emulator.journal.length < before + 2) await new Promise((resolve) => setTimeout(resolve, 10));
      parent.kill(signal);
      const { endedBy, stderr } = await end;
      expect([endedBy, existsSync(file)]).toEqual([signal, false]);
      expect(stderr).toContain(`INTERRUPTED: The login was interrupted by ${signal}.`);
    },
  );
});

/** In a terminal of util-linux. `typed` is typed when the terminal shows "ready". */
async function inTerminal(line: string, typed: string): Promise<string> {
  const file = path.join(job.temp(), 'typed');
  const shell = `exec 3<>"$FIFO"; script -qefc "$LINE" /dev/null <&3`;
  const env = { FIFO: `${file}`, LINE: line };
  const made = startProgram(['mkfifo', file], job.env(), {});
  await made.end;
  const terminal = startProgram(['bash', '-c', shell], job.env(), { env });
  await terminal.shows('ready');
  writeFileSync(file, typed);
  const { stdout } = await terminal.end;
  await startProgram(['rm', file], job.env()).end;
  return String(stdout).replaceAll('\r\n', '\n');
}

const onLinux = process.platform === 'linux' ? it : it.skip; // other systems have another `script`

describe('in a terminal', () => {
  const quoted = (...words: string[]) => words.map((one) => `'${one.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = (script: string) => quoted(process.execPath, MAIN, 'exec', '--', 'sh', '-c', script);

  onLinux('Ctrl-C reaches the command once, and exec lives until it ends', async () => {
    const shown = await inTerminal(`trap : INT; ${command(listener(1))}; echo code $?`, '\x03');
    expect(shown.match(/^\^?C?INT$/gm)).toHaveLength(1);
    expect(shown).toContain('code 9\n');
  });

  onLinux('Ctrl-C reaches the command once when its input is a pipe', async () => {
    const shown = await inTerminal(`trap : INT; true | ${command(listener(1))}; echo code $?`, '\x03');
    expect(shown.match(/^\^?C?INT$/gm)).toHaveLength(1);
    expect(shown).toContain('code 9\n');
  });

  onLinux('a command that ends by Ctrl-C ends exec by SIGINT', async () => {
    const shown = await inTerminal(
      `trap : INT; ${command('(sleep 0.3; echo ready) & exec sleep 60')}; echo code $?`,
      '\x03',
    );
    expect(shown).toContain('code 130\n');
  });

  onLinux('the command reads what is typed, and sees a terminal', async () => {
    const file = path.join(job.home(), 'line');
    const script = `test -t 0 && test -t 1 && echo ready; read line; printf %s "$line" > '${file}'`;
    await inTerminal(command(script), 'hello\n');
    const line = readFileSync(file, 'utf8');
    await startProgram(['rm', file], job.env()).end;
    expect(line).toBe('hello');
  });
});
