// Rewriting a file that other programs share: the file itself stays, and no reader finds a part of the content.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Contention } from '../../../src/errors/action-error.ts';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import type { RewritePlan } from '../../../src/ports.ts';
import { itWithModes } from '../systems-with.ts';
import { failing, windows } from './fake-systems.ts';

const root = fs.mkdtempSync(path.join(tmpdir(), 'rewrite-test-'));
fs.chmodSync(root, 0o755);
let directory = root;
let file = '';
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(root, 'd-'));
  fs.chmodSync(directory, 0o755);
  file = path.join(directory, 'config');
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const BEFORE = '[A]\nx=1\n\n[B]\ny=2\n';
const AFTER = '[A]\nx=of a login, with a longer text\n\n[B]\ny=2\n';
const SECRET = `${BEFORE}secret of a login\n`;

const plan = (): RewritePlan => ({
  scratch: path.join(directory, 'scratch'),
  original: path.join(directory, 'original'),
  journal: path.join(directory, 'journal'),
  isSecret: (content) => Buffer.from(content).includes('secret'),
  isOurs: (content) => Buffer.from(content).includes('login'),
});

function rewrite(content: string, system: System = thisSystem): void {
  const files = createFiles(system);
  files.finishRewrite(file, files.state(file).id, plan());
  files.rewrite(file, Buffer.from(content), files.state(file).id, plan());
}

const write = (content: string, mode: number) => {
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
};
const text = () => fs.readFileSync(file, 'utf8');

/** What a rename would lose. */
function attributes() {
  const { ino, uid, gid, mode, nlink, birthtimeMs } = fs.statSync(file);
  return { ino, uid, gid, mode: (mode & 0o7777).toString(8), nlink, birthtimeMs };
}

const has = (command: string) => spawnSync(command, ['--version']).status === 0;
const run = (command: string, ...parameters: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, parameters, { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const isRoot = process.getuid?.() === 0;
const itAsRoot = isRoot ? it : it.skip;
const probe = path.join(root, 'probe');
fs.writeFileSync(probe, '');
/** `setfacl` may be missing, or the file system may not support it. */
const itWithAcl = has('setfacl') && run('setfacl', '-m', 'u:12345:r', probe).status === 0 ? it : it.skip;
const itWithAttributes =
  has('setfattr') && run('setfattr', '-n', 'user.label', '-v', 'x', probe).status === 0 ? it : it.skip;

describe('a file that is rewritten', () => {
  it.each<[string, () => System]>([
    ['Linux', () => ({ ...thisSystem, platform: 'linux' })],
    ['macOS', () => ({ ...thisSystem, platform: 'darwin' })],
    ['Windows', () => windows()],
  ])('is the same file on %s', (_name, system) => {
    write(BEFORE, 0o644);
    const before = attributes();
    for (const content of [AFTER, BEFORE]) {
      rewrite(content, system());
      expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([content, before, ['config']]);
    }
  });

  it('has its other hard link again after the login, which writes nothing to that', () => {
    write(BEFORE, 0o644);
    const other = path.join(directory, 'other');
    fs.linkSync(file, other);
    const before = [attributes(), fs.statSync(file).mtimeMs];
    for (const content of [AFTER, `${AFTER}[B2]\n`]) {
      rewrite(content);
      expect([text(), fs.readFileSync(other, 'utf8')]).toEqual([content, BEFORE]);
    }
    rewrite(BEFORE);
    expect([attributes(), fs.statSync(file).mtimeMs]).toEqual(before);
    expect([text(), fs.readdirSync(directory)]).toEqual([BEFORE, ['config', 'other']]);
  });

  itAsRoot.each([0o600, 0o640, 0o664, 0o444, 0o400])('keeps owner, group and mode %o', (mode) => {
    write(BEFORE, mode);
    fs.chownSync(file, 12345, 54321);
    const before = attributes();
    rewrite(AFTER);
    expect([text(), attributes().uid, attributes().gid, attributes().mode]).toEqual([
      AFTER,
      12345,
      54321,
      before.mode,
    ]);
    rewrite(BEFORE);
    expect([text(), attributes()]).toEqual([BEFORE, before]);
  });

  itWithModes.each([0o444, 0o400])('keeps mode %o, which forbids writing', (mode) => {
    write(BEFORE, mode);
    asOtherUser(() => {
      const before = attributes();
      rewrite(AFTER);
      expect([text(), attributes().mode]).toEqual([AFTER, before.mode]);
      rewrite(BEFORE);
      expect([text(), attributes()]).toEqual([BEFORE, before]);
    }, true);
  });

  itWithAcl('keeps its ACL', () => {
    write(BEFORE, 0o644);
    run('setfacl', '-m', 'u:12345:rw,g:54321:r', file);
    const before = [run('getfacl', '-n', file).stdout, attributes()];
    rewrite(AFTER);
    expect([run('getfacl', '-n', file).stdout, attributes()]).toEqual(before);
    expect(before[0]).toContain('user:12345:rw-');
  });

  itWithAttributes('keeps its extended attributes, as a security label is one', () => {
    write(BEFORE, 0o644);
    run('setfattr', '-n', 'user.label', '-v', 'mine', file);
    rewrite(AFTER);
    expect(run('getfattr', '-n', 'user.label', file).stdout).toContain('user.label="mine"');
  });

  it('has at its name only the old or the new content, at every call', () => {
    write(BEFORE, 0o644);
    const seen = new Set<string>();
    rewrite(
      AFTER,
      atEveryChange(() => void seen.add(text())),
    );
    rewrite(
      BEFORE,
      atEveryChange(() => void seen.add(text())),
    );
    expect(seen).toEqual(new Set([BEFORE, AFTER]));
  });

  it('is unchanged when a program that opened it before has written it meanwhile: Contention', () => {
    write(BEFORE, 0o644);
    const descriptor = fs.openSync(file, 'r+');
    const before = attributes();
    const system = atEveryChange((call) => {
      if (call === 'renameSync') fs.writeSync(descriptor, '[C]\nz=3\n\n[B]\ny=2\n and more', 0);
    }, 1);
    expect(() => rewrite(AFTER, system)).toThrow(Contention);
    fs.closeSync(descriptor);
    expect([text(), attributes()]).toEqual(['[C]\nz=3\n\n[B]\ny=2\n and more', before]);
    expect(fs.readdirSync(directory)).toEqual(['config']);
  });

  it('keeps what another program writes to the new file before the original has its name again', () => {
    write(BEFORE, 0o644);
    const before = attributes();
    let descriptor = 0;
    const system = atEveryChange((call) => {
      if (call === 'renameSync') descriptor = fs.openSync(file, 'w'); // empty when we look
    }, 1);
    rewrite(AFTER, system);
    fs.writeSync(descriptor, '[C]\n');
    fs.closeSync(descriptor);
    finish(thisSystem);
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual(['[C]\n', before, ['config']]);
  });

  it.each(['writeFileSync', 'ftruncateSync', 'renameSync'] as const)(
    'is unchanged when the disk is full at %s of the file',
    (call) => {
      write(BEFORE, 0o644);
      const before = attributes();
      // The first write and rename are of the new file.
      const system = fromThen(call, call === 'ftruncateSync' ? 1 : 2);
      expect(() => rewrite(AFTER, system)).toThrow(expect.objectContaining({ code: 'FILES_NOT_WRITABLE' }));
      expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([BEFORE, before, ['config']]);
    },
  );

  itAsRoot('is refused with the reason when it belongs to another user and cannot be written', () => {
    write(BEFORE, 0o644);
    fs.chownSync(directory, 12345, 12345);
    const before = attributes();
    asOtherUser(() => {
      expect(() => rewrite(AFTER)).toThrow(
        expect.objectContaining({
          code: 'FILES_NOT_WRITABLE',
          message: expect.stringMatching(/EACCES|EPERM/),
        }),
      );
    });
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([BEFORE, before, ['config']]);
  });

  itAsRoot('keeps the owner when this user may write it as a member of its group', () => {
    write(BEFORE, 0o664);
    fs.chownSync(file, 0, 12345);
    fs.chownSync(directory, 12345, 12345);
    const before = attributes();
    asOtherUser(() => rewrite(AFTER));
    expect([text(), attributes()]).toEqual([AFTER, before]);
  });
});

describe('a file that others can read', () => {
  itWithModes.each([0o644, 0o664, 0o666, 0o640])('has mode 600 while it holds a secret: %o', (mode) => {
    write(BEFORE, mode);
    const before = attributes();
    const early = fs.openSync(file, 'r');
    for (const content of [SECRET, `${SECRET}2`]) {
      rewrite(content);
      expect([text(), attributes().mode]).toEqual([content, '600']);
    }
    // Not even a program that opened it before can read the secret.
    expect(fs.readFileSync(early, 'utf8')).toBe(BEFORE);
    fs.closeSync(early);
    rewrite(AFTER);
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([AFTER, before, ['config']]);
  });

  itWithModes(
    'comes back when another program has removed the secret, with the content of that program',
    () => {
      write(BEFORE, 0o664);
      const before = attributes();
      rewrite(SECRET);
      fs.writeFileSync(file, '[C]\n');
      finish(thisSystem);
      expect([text(), attributes(), fs.readdirSync(directory)]).toEqual(['[C]\n', before, ['config']]);
    },
  );

  itWithModes('comes back when another program has removed the file with the secret', () => {
    write(BEFORE, 0o664);
    const before = attributes();
    rewrite(SECRET);
    fs.rmSync(file);
    finish(thisSystem);
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([BEFORE, before, ['config']]);
  });
});

describe('a mount point, or a file system without hard links', () => {
  it.each(['EXDEV', 'EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK'])('is written in place: %s', (code) => {
    write(BEFORE, 0o644);
    const before = attributes();
    for (const content of [AFTER, BEFORE]) {
      rewrite(content, failing(thisSystem, 'linkSync', code));
      expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([content, before, ['config']]);
    }
  });

  it('is unchanged when the disk is full', () => {
    write(BEFORE, 0o644);
    const system = failing(fromThen('ftruncateSync', 1), 'linkSync', 'EXDEV');
    expect(() => rewrite(AFTER, system)).toThrow(expect.objectContaining({ code: 'FILES_NOT_WRITABLE' }));
    expect([text(), fs.readdirSync(directory)]).toEqual([BEFORE, ['config']]);
  });

  itWithModes('gets no secret when others can read it: PATH_UNSAFE with the remedy', () => {
    write(BEFORE, 0o644);
    expect(() => rewrite(SECRET, failing(thisSystem, 'linkSync', 'EXDEV'))).toThrow(
      expect.objectContaining({ code: 'PATH_UNSAFE', message: expect.stringContaining('chmod 600') }),
    );
    expect([text(), fs.readdirSync(directory)]).toEqual([BEFORE, ['config']]);
    fs.chmodSync(file, 0o600);
    rewrite(SECRET, failing(thisSystem, 'linkSync', 'EXDEV'));
    expect(text()).toBe(SECRET);
  });
});

describe('a process that is killed at any call', () => {
  const linked = () => thisSystem;
  const mounted = () => failing(thisSystem, 'linkSync', 'EXDEV');
  const KILLS: [string, () => System, number, string, string][] = [
    ['a longer content', linked, 0o644, BEFORE, AFTER],
    ['a shorter content', linked, 0o644, AFTER, BEFORE],
    ['a read-only file', linked, 0o444, BEFORE, AFTER],
    ['a secret in a file of the owner', linked, 0o600, BEFORE, SECRET],
    ['a secret in a file that others can read', linked, 0o644, BEFORE, SECRET],
    ['a longer content in place', mounted, 0o644, BEFORE, AFTER],
    ['a shorter content in place', mounted, 0o644, AFTER, BEFORE],
  ];

  it.each(KILLS)(
    'leaves the old or the new content after the next start: %s',
    (_what, system, mode, from, to) => {
      for (const isPartial of [false, true]) {
        for (let n = 1, isKilled = true; isKilled; n += 1) {
          directory = fs.mkdtempSync(path.join(root, 'd-'));
          file = path.join(directory, 'config');
          write(from, mode);
          const before = attributes();
          isKilled = survives(() => rewrite(to, killing(system(), n, isPartial))) === false;
          // A start that is killed too.
          for (let m = 1; survives(() => finish(killing(system(), m, isPartial))) === false; m += 1);
          finish(system());
          expect([from, to]).toContain(text());
          rewrite(from, system());
          expect([n, attributes()]).toEqual([n, before]);
          expect([n, fs.readdirSync(directory).filter((name) => name !== 'scratch')]).toEqual([
            n,
            ['config'],
          ]);
        }
      }
    },
  );

  itWithModes('leaves a secret in no file that others can read', () => {
    for (let n = 1, isKilled = true; isKilled; n += 1) {
      directory = fs.mkdtempSync(path.join(root, 'd-'));
      file = path.join(directory, 'config');
      write(BEFORE, 0o666);
      isKilled = survives(() => rewrite(SECRET, killing(thisSystem, n, false))) === false;
      for (const name of fs.readdirSync(directory)) {
        const one = path.join(directory, name);
        const isReadable = (fs.statSync(one).mode & 0o077) !== 0;
        if (isReadable) expect([n, name, fs.readFileSync(one, 'utf8')]).toEqual([n, name, BEFORE]);
      }
    }
  });
});

function finish(system: System): void {
  const files = createFiles(system);
  files.finishRewrite(file, files.state(file).id, plan());
}

const CHANGES = [
  'openSync',
  'writeFileSync',
  'fchmodSync',
  'ftruncateSync',
  'futimesSync',
  'utimesSync',
  'chownSync',
  'linkSync',
  'renameSync',
  'rmSync',
] as const;

class Killed extends Error {}

/** Runs `after` behind every change of the disk, at most `times` times for one that calls it with effect. */
function atEveryChange(after: (call: string) => void, times = Number.POSITIVE_INFINITY): System {
  let left = times;
  return hooked(thisSystem, (name, call) => {
    const result = call();
    if (left > 0) after(name);
    if (name === 'renameSync') left -= 1;
    return result;
  });
}

function hooked(
  system: System,
  hook: (name: string, call: () => unknown, parameters: readonly unknown[]) => unknown,
): System {
  const calls = CHANGES.map((name) => {
    const real = system.fs[name] as (...parameters: unknown[]) => unknown;
    return [name, (...parameters: unknown[]) => hook(name, () => real(...parameters), parameters)];
  });
  return { ...system, fs: { ...system.fs, ...Object.fromEntries(calls) } as typeof fs };
}

/** Simulates SIGKILL before the n-th change of the disk: that call and every later one does nothing. */
function killing(system: System, n: number, isPartial: boolean): System {
  let calls = 0;
  return hooked(system, (name, call, [descriptor, content]) => {
    calls += 1;
    if (calls < n) return call();
    if (calls === n && isPartial && name === 'writeFileSync')
      fs.writeFileSync(descriptor as number, Buffer.from(content as Uint8Array).subarray(0, 5));
    throw new Killed();
  });
}

/** A call fails with ENOSPC at its n-th time only. */
function fromThen(name: string, n: number): System {
  let calls = 0;
  return hooked(thisSystem, (called, call, [descriptor, content]) => {
    if (called === name) calls += 1;
    if (called !== name || calls !== n) return call();
    if (name === 'writeFileSync')
      fs.writeFileSync(descriptor as number, Buffer.from(content as Uint8Array).subarray(0, 5));
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: name });
  });
}

function survives(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** Root may do everything, so it acts as a user without rights. Any other user acts as itself. */
function asOtherUser(work: () => void, ownsFile = false): void {
  if (!isRoot) {
    work();
    return;
  }
  if (ownsFile) for (const one of [file, directory]) fs.chownSync(one, 12345, 12345);
  process.setgroups?.([]);
  process.setegid?.(12345);
  process.seteuid?.(12345);
  try {
    work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.([0]);
  }
}
