// Renewal inside `oci-wif exec` while its command runs.
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MAIN, startExecJob, startProgram } from './exec-job.ts';

const SECONDS = 3;
const job = await startExecJob({ upstLifetimeSeconds: SECONDS, githubJwtLifetimeSeconds: 60 });
const { emulator, exec, start } = job;

describe('while the command runs', () => {
  it('a renewal that fails warns, and the command goes on', async () => {
    const { shows, end } = start([
      '--retry-max-attempts',
      '1',
      '--',
      'sh',
      '-c',
      `echo ready; sleep ${SECONDS + 2}; exit 6`,
    ]);
    await shows('ready');
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 503 } });
    const { exitCode, stderr } = await end;
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(
      /warning: Could not renew the OCI session token \(it expired at .*OCI_DOMAIN_UNREACHABLE/,
    );
  });

  it('nothing is renewed with --refresh false', async () => {
    const before = emulator.journal.length;
    const { exitCode } = await exec(['--refresh', 'false', '--', 'sleep', String(SECONDS)]);
    expect([exitCode, emulator.journal.length - before]).toEqual([0, 2]);
  });

  it('a session directory that is gone ends no command, and warns when the token has expired', async () => {
    const script = `rm -r "$OCI_WIF_SESSION"; sleep ${SECONDS + 2}; exit 7`;
    const { exitCode, stderr } = await exec(['--', 'sh', '-c', script]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain('warning: Could not renew the OCI session token');
  });

  it('a terminal that was closed ends neither the command nor exec, which removes the session', async () => {
    const line = `trap '' HUP; echo ready; sleep ${SECONDS + 2}; ls "$OCI_WIF_SESSION" > "$HOME/left"`;
    const command = [process.execPath, MAIN, 'exec', '--retry-max-attempts', '1', '--', 'sh', '-c', line];
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const terminal = startProgram(['script', '-qefc', quoted, '/dev/null'], job.env());
    await terminal.shows('ready');
    emulator.faults.add({ service: 'domain', fault: { kind: 'status', status: 503 } });
    terminal.process.kill('SIGKILL');
    while (job.sessions().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readFileSync(path.join(job.home(), 'left'), 'utf8')).toContain('owner.json');
    rmSync(path.join(job.home(), 'left'));
  });

  it('exec ends with the command, also while it waits for a renewal', async () => {
    const { shows, end } = start(['--', 'sh', '-c', `echo ready; sleep ${SECONDS - 1}; exit 8`]);
    await shows('ready');
    emulator.faults.add({ service: 'domain', fault: { kind: 'stall-before-headers' } });
    expect((await end).exitCode).toBe(8);
  });
});
