// What `oci-wif exec` promises to the command that it runs.
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { itWithProcfs } from '../../unit/systems-with.ts';
import { leaksIn, MAIN, startExecJob, startProgram } from './exec-job.ts';

const job = await startExecJob();
const { emulator, exec } = job;
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;

describe('the exit code', () => {
  it.each([0, 1, 255])('is %i when the command ends with it', async (code) => {
    const { exitCode, stdout } = await exec(['--', 'sh', '-c', `exit ${code}`]);
    expect([exitCode, String(stdout)]).toEqual([code, '']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGUSR1', 'SIGPIPE', 'SIGKILL'] as const)(
    'is replaced by %s when it ended the command',
    async (signal) => {
      const { endedBy } = await exec(['--', 'sh', '-c', `kill -${signal.slice(3)} $$`]);
      expect(endedBy).toBe(signal);
    },
  );

  // A dump would contain the key of the session.
  it.each([
    ['SIGQUIT', 131],
    ['SIGSEGV', 139],
  ] as const)('shows %s without a dump of the memory', async (signal, code) => {
    const { exitCode } = await exec(['--', 'sh', '-c', `kill -${signal.slice(3)} $$`]);
    expect(exitCode).toBe(code);
  });

  it.each([
    ['127 when the command is not in PATH', ['--', 'no-such-program'], 127, 'COMMAND_NOT_FOUND'],
    ['127 when the command does not exist', ['--', './no-such-program'], 127, 'COMMAND_NOT_FOUND'],
    ['126 when the command is a directory', ['--', '/'], 126, 'COMMAND_NOT_EXECUTABLE'],
    ['125 without a command', ['--for', 'cli'], 125, 'OPTION_INVALID'],
    ['125 without --', ['terraform', 'apply'], 125, 'OPTION_INVALID'],
    ['125 for an unknown option', ['--no-such', '--', 'true'], 125, 'OPTION_INVALID'],
    ['125 for a wrong option', ['--for', 'none-such', '--', 'true'], 125, 'OPTION_INVALID: --for'],
  ])('is %s, and nothing is requested', async (_title, args, code, text) => {
    const before = emulator.journal.length;
    const { exitCode, stderr } = await exec(args);
    expect([exitCode, emulator.journal.length]).toEqual([code, before]);
    expect(stderr).toContain(`error: ${text}`);
  });

  it('is 126 when the interpreter of the command does not exist, and no session is left', async () => {
    const script = path.join(job.temp(), 'script');
    writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
    const { exitCode, stderr } = await exec(['--', script]);
    rmSync(script);
    expect(exitCode).toBe(126);
    expect(stderr).toContain('its interpreter or the working directory does not exist');
  });

  it('is 125 when the login fails, and the command is not started', async () => {
    const file = path.join(job.temp(), 'started');
    const { exitCode, stderr } = await exec(['--', 'touch', file], { env: { OCI_CLIENT_SECRET: 'wrong' } });
    expect([exitCode, existsSync(file)]).toEqual([125, false]);
    expect(stderr).toContain('error: OCI_CLIENT_REJECTED');
    expect(stderr).toMatch(/\nSee https:\/\/\S+\/docs\/troubleshooting\.md#oci_client_rejected\n$/);
  });
});

describe('the streams of the command', () => {
  it('are passed on byte for byte', async () => {
    const input = randomBytes(3 * 2 ** 20);
    const { stdout } = await exec(['--', 'cat'], { input });
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(
      createHash('sha256').update(input).digest('hex'),
    );
  });

  it('block the command while a pipe is full or empty, instead of failing', async () => {
    const code =
      'fs.readSync(0, Buffer.alloc(9)); for (let i = 0; i < 64; i++) fs.writeSync(1, "x".repeat(65536))';
    const node = process.execPath;
    const line = '(sleep 1; echo go) | "$@" | (sleep 1; wc -c)';
    const program = ['sh', '-c', line, 'sh', node, MAIN, 'exec', '--', node, '-e', code];
    const { stdout } = await startProgram(program, job.env()).end;
    expect(String(stdout).trim()).toBe(String(64 * 65_536));
  });

  it('end the command when the reader of a pipe has ended', async () => {
    const program = ['sh', '-c', '("$@"; echo $? >&2) | head -n 1', 'sh', process.execPath, MAIN];
    const { stdout, stderr } = await startProgram([...program, 'exec', '--', 'yes'], job.env()).end;
    expect([String(stdout), stderr.trim().split('\n').at(-1)]).toEqual(['y\n', '141']);
  });

  it('are the null device when they are closed', async () => {
    const { exitCode, stdout } = await exec(['--', 'sh', '-c', 'wc -c'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect([exitCode, String(stdout).trim()]).toEqual([0, '0']);
  });

  it('are left to programs that the command starts in the background', async () => {
    const file = path.join(job.temp(), 'late');
    const { exitCode } = await exec(['--', 'sh', '-c', `(sleep 1; echo late > '${file}') & exit 3`]);
    expect([exitCode, existsSync(file)]).toEqual([3, false]);
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
    rmSync(file);
  });
});

describe('the environment of the command', () => {
  it('has the files of the session, and no secret', async () => {
    const env = {
      OCI_CLI_KEY_FILE: '/other',
      OCI_WIF_ACTION_EXPORTS: 'terraform OTHER /other',
      HOME_VAR: 'kept',
    };
    const command = ['sh', '-c', 'env; grep -q "^\\[DEFAULT\\]" "$OCI_CONFIG_FILE" && echo readable'];
    const { stdout, stderr } = await exec(['--for', 'cli,terraform-session', '--', ...command], { env });
    const shown = String(stdout);
    const [, directory = ''] = /^OCI_WIF_SESSION=(.*)$/m.exec(shown) ?? [];
    expect(path.dirname(directory)).toBe(job.temp());
    expect(shown).toContain(`\nOCI_CLI_CONFIG_FILE=${directory}/.oci/config\n`);
    expect(shown).toContain(`\nTF_HOME_OVERRIDE=${directory}\n`);
    expect(shown).toContain(`\nHOME=${job.home()}\n`);
    expect(shown).toContain('readable');
    expect(shown).not.toMatch(/^(OCI_CLIENT_SECRET|OCI_CLI_KEY_FILE|OCI_WIF_ACTION_EXPORTS)=/m);
    expect(leaksIn(emulator, shown.replace(/^ACTIONS_ID_TOKEN_REQUEST_TOKEN=.*$/m, ''))).toEqual([]);
    expect(stderr).toContain(
      'Not passed to the command, because they override the session: OCI_CLI_KEY_FILE.',
    );
  });

  itWithProcfs('is the only place of what it has: arguments and state show no secret', async () => {
    const read = 'cat /proc/$PPID/cmdline "$OCI_WIF_SESSION"/*.json';
    const { stdout } = await exec(['--', 'sh', '-c', read]);
    expect(String(stdout)).toContain('"loginId"');
    expect(leaksIn(emulator, String(stdout))).toEqual([]);
  });

  it('keeps NODE_TLS_REJECT_UNAUTHORIZED, which is ignored here', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { stdout } = await exec(['--', 'sh', '-c', 'echo $NODE_TLS_REJECT_UNAUTHORIZED'], { env });
    expect(String(stdout)).toBe('0\n');
  });

  it('warns of a config file in the home directory, which SDKs prefer', async () => {
    mkdirSync(path.join(job.home(), '.oci'));
    writeFileSync(path.join(job.home(), '.oci/config'), '[DEFAULT]\n');
    const { stderr } = await exec(['--', 'true']);
    rmSync(path.join(job.home(), '.oci'), { recursive: true });
    expect(stderr).toContain('Let programs read the file in OCI_CONFIG_FILE.');
  });
});

describe('the session', () => {
  it('of a nested exec is another one, and leaves the outer one', async () => {
    const secret = path.join(job.temp(), 'secret');
    writeFileSync(secret, emulator.inputs['client-secret'], { mode: 0o600 });
    const inner = `"${process.execPath}" cli/main.ts exec -- sh -c 'echo $OCI_WIF_SESSION'`;
    const line = `${inner}; echo $OCI_WIF_SESSION; ls "$OCI_CONFIG_FILE"`;
    const env = { OCI_CLIENT_SECRET_FILE: secret, OCI_CLIENT_SECRET: undefined };
    const { exitCode, stdout } = await exec(['--', 'sh', '-c', line], { env });
    rmSync(secret);
    const [first, second, file] = String(stdout).split('\n');
    expect([exitCode, first === second, file]).toEqual([0, false, `${second}/.oci/config`]);
  });

  it('may be removed by the command itself', async () => {
    const { exitCode, stderr } = await exec(['--', 'sh', '-c', 'rm -r "$OCI_WIF_SESSION"; exit 4']);
    expect(exitCode).toBe(4);
    expect(stderr).not.toContain('warning');
  });

  it('fails with 125 when its directory cannot be written', async () => {
    const { exitCode, stderr } = await exec(['--', 'true'], {
      env: { TMPDIR: path.join(job.temp(), 'none') },
    });
    expect(exitCode).toBe(125);
    expect(stderr).toContain('FILES_NOT_WRITABLE');
  });

  const inRuntimeDirectory = async (owner?: number) => {
    const own = path.join(job.temp(), 'run');
    mkdirSync(own, { mode: 0o700 });
    if (owner !== undefined) chownSync(own, owner, owner);
    const command = ['sh', '-c', 'echo $OCI_WIF_SESSION'];
    const { stdout } = await exec(['--', ...command], { env: { XDG_RUNTIME_DIR: own } });
    rmSync(own, { recursive: true });
    return path.dirname(String(stdout)) === own;
  };

  it('is in XDG_RUNTIME_DIR if the system has one', async () => {
    expect(await inRuntimeDirectory()).toBe(true);
  });

  itAsRoot('is not in XDG_RUNTIME_DIR of another user, as with sudo', async () => {
    expect(await inRuntimeDirectory(65_534)).toBe(false);
  });
});
