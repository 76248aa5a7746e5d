// The runner process of a job, over a /proc of the test's own.
import fs from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createRunnerProcesses } from '../../../src/node/runner-process.ts';
import type { System } from '../../../src/node/system.ts';
import { itWithProcfs } from '../systems-with.ts';

/** No process of this machine can have it. */
const PID = 2 ** 30;

/** `proc` by path; what is not in it is missing. */
function systemWith(proc: Readonly<Record<string, string>>, platform: NodeJS.Platform = 'linux'): System {
  const read = (path: unknown) => {
    const text = proc[String(path)];
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  };
  const system = { ...fs, readFileSync: read, readlinkSync: read } as unknown as typeof fs;
  return { platform, uid: 1, temporary: undefined, workspace: undefined, fs: system };
}

const statOf = (startTime: number, state = 'S') =>
  `${PID} (Runner) Worker (x)) ${state} 1 ${'0 '.repeat(17)}${startTime} 0 0 ${'1 '.repeat(20)}`;
const HOST = { '/proc/sys/kernel/random/boot_id': 'boot\n', '/proc/self/ns/pid': 'pid:[1]' };
const RUNNING = { ...HOST, [`/proc/${PID}/stat`]: statOf(99) };
const RUNNER = { pid: PID, startTime: '99', bootId: 'boot', pidNamespace: 'pid:[1]' };

describe('parent', () => {
  it('returns process id, start time, boot id and pid namespace', () => {
    expect(createRunnerProcesses(systemWith(RUNNING), PID).parent()).toEqual(RUNNER);
  });

  it.each([
    ['there is no /proc', systemWith({})],
    ['the parent is in another pid namespace', systemWith(HOST)],
    ['the system is macOS', systemWith(RUNNING, 'darwin')],
    ['the system is Windows', systemWith(RUNNING, 'win32')],
  ])('returns null when %s', (_what, system) => {
    expect(createRunnerProcesses(system, PID).parent()).toBeNull();
  });

  itWithProcfs('is found on this machine, and alive', () => {
    const processes = createRunnerProcesses();
    expect(processes.parent()?.pid).toBe(process.ppid);
    expect(processes.stateOf(processes.parent())).toBe('alive');
  });
});

describe('stateOf', () => {
  it.each([
    ['alive', 'the process still runs', RUNNING, RUNNER],
    ['gone', 'there is no such process', HOST, RUNNER],
    ['gone', 'another process has its id', { ...HOST, [`/proc/${PID}/stat`]: statOf(100) }, RUNNER],
    [
      'gone',
      'it has ended and nobody reaped it',
      { ...HOST, [`/proc/${PID}/stat`]: statOf(99, 'Z') },
      RUNNER,
    ],
    ['unknown', '/proc hides a process with its id', HOST, { ...RUNNER, pid: process.ppid }],
    ['unknown', '/proc is not mounted', {}, RUNNER],
    ['unknown', 'it ran on another host, or before a reboot', RUNNING, { ...RUNNER, bootId: 'other' }],
    ['unknown', 'it ran in another container', RUNNING, { ...RUNNER, pidNamespace: 'pid:[2]' }],
    ['unknown', 'nothing is known of it', RUNNING, null],
  ])('returns %s when %s', (state, _what, proc, runner) => {
    expect(createRunnerProcesses(systemWith(proc), PID).stateOf(runner)).toBe(state);
  });

  it('returns unknown on macOS', () => {
    expect(createRunnerProcesses(systemWith(RUNNING, 'darwin'), PID).stateOf(RUNNER)).toBe('unknown');
  });

  it('returns unknown when /proc may not be read', () => {
    const refusing = () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const system = { ...systemWith(HOST), fs: { ...fs, readFileSync: refusing } as unknown as typeof fs };
    expect(createRunnerProcesses(system, PID).stateOf(RUNNER)).toBe('unknown');
  });
});
