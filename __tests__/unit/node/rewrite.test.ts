// Rewriting a file that other programs share: what the file is besides its content stays, also after a crash.
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

const plan = (isSecret = false): RewritePlan => ({
  scratch: path.join(directory, 'scratch'),
  journal: path.join(directory, 'journal'),
  isSecret,
});

function rewrite(content: string, system: System = thisSystem, isSecret = content === SECRET): void {
  const files = createFiles(system);
  undo(system);
  files.rewrite(file, Buffer.from(content), files.state(file).id, plan(isSecret));
}

function undo(system: System): void {
  createFiles(system).undoRewrite(file, plan().journal);
}

const write = (content: string, mode: number) => {
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
};
const text = () => fs.readFileSync(file, 'utf8');
const modeOf = (one: string) => (fs.statSync(one).mode & 0o7777).toString(8);

/** What a rename changes, besides ACL and attributes. */
function attributes() {
  const { ino, uid, gid, nlink, birthtimeMs } = fs.statSync(file);
  return { ino, uid, gid, mode: modeOf(file), nlink, birthtimeMs };
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
/** What every rewrite keeps. */
function rights() {
  const { uid, gid, mode } = attributes();
  return { uid, gid, mode };
}

/** `setfacl` may be missing, or the file system may not support it. */
const itWithAcl = has('setfacl') && run('setfacl', '-m', 'u:12345:r', probe).status === 0 ? it : it.skip;
const itWithAttributes =
  has('setfattr') && run('setfattr', '-n', 'user.label', '-v', 'x', probe).status === 0 ? it : it.skip;

describe('a file that others can open', () => {
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

  itWithAcl('keeps its ACL, also when nobody else can open it meanwhile because of a secret', () => {
    write(BEFORE, 0o644);
    run('setfacl', '-m', 'u:12345:rw,g:54321:r', file);
    const { openMode } = createFiles(thisSystem).state(file);
    const before = [run('getfacl', '-n', file).stdout, attributes()];
    rewrite(AFTER);
    expect([run('getfacl', '-n', file).stdout, attributes()]).toEqual(before);
    expect(before[0]).toContain('user:12345:rw-');
    for (const content of [SECRET, AFTER]) {
      rewrite(content, thisSystem, true);
      expect(run('getfacl', '-n', file).stdout).toMatch(/user:12345:rw-\s+#effective:---/);
    }
    createFiles(thisSystem).setMode(file, openMode ?? 0);
    expect([run('getfacl', '-n', file).stdout, attributes()]).toEqual(before);
  });

  itWithAttributes('keeps its extended attributes, as a security label is one', () => {
    write(BEFORE, 0o644);
    run('setfattr', '-n', 'user.label', '-v', 'mine', file);
    rewrite(AFTER);
    expect(run('getfattr', '-n', 'user.label', file).stdout).toContain('user.label="mine"');
  });

  it('is never empty', () => {
    write(BEFORE, 0o644);
    const seen: number[] = [];
    const system = atEveryChange(() => seen.push(fs.statSync(file).size));
    for (const content of [AFTER, BEFORE]) rewrite(content, system);
    expect(Math.min(...seen)).toBe(BEFORE.length);
  });

  itAsRoot('keeps the owner when this user may write it as a member of its group', () => {
    write(BEFORE, 0o664);
    fs.chownSync(file, 0, 12345);
    fs.chownSync(directory, 12345, 12345);
    const before = attributes();
    asOtherUser(() => rewrite(AFTER));
    expect([text(), attributes()]).toEqual([AFTER, before]);
  });

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
});

describe('a file for its owner alone', () => {
  itWithModes('has only the old or the new content, at every call', () => {
    write(BEFORE, 0o600);
    const seen = new Set<string>();
    const system = atEveryChange(() => void seen.add(text()));
    for (const content of [AFTER, BEFORE]) rewrite(content, system);
    expect(seen).toEqual(new Set([BEFORE, AFTER]));
  });

  itAsRoot.each(['EPERM', 'EINVAL'])(
    'is written in place when its group cannot be given to a new file: %s',
    (code) => {
      write(BEFORE, 0o600);
      fs.chownSync(file, 12345, 54321);
      const before = attributes();
      rewrite(AFTER, failing(thisSystem, 'chownSync', code));
      expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([AFTER, before, ['config']]);
    },
  );

  it.each(['EBUSY', 'EXDEV', 'EPERM', 'EACCES'])(
    'is written in place when it cannot be replaced, as a mount point: %s',
    (code) => {
      write(BEFORE, 0o600);
      const before = attributes();
      for (const content of [AFTER, BEFORE]) {
        rewrite(content, failing(thisSystem, 'renameSync', code, 1));
        expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([content, before, ['config']]);
      }
    },
  );
});

describe('any file', () => {
  itAsRoot.each([0o600, 0o640, 0o664, 0o444, 0o400])('keeps owner, group and mode %o', (mode) => {
    write(BEFORE, mode);
    fs.chownSync(file, 12345, 54321);
    const before = rights();
    for (const content of [AFTER, BEFORE]) {
      rewrite(content);
      expect([text(), rights()]).toEqual([content, before]);
    }
  });

  itWithModes.each([0o444, 0o400])('keeps mode %o, which forbids writing', (mode) => {
    write(BEFORE, mode);
    asOtherUser(() => {
      const before = rights();
      for (const content of [AFTER, BEFORE]) {
        rewrite(content);
        expect([text(), rights()]).toEqual([content, before]);
      }
    }, true);
  });

  it.each([0o600, 0o644])('with another hard link writes nothing to that: mode %o', (mode) => {
    write(BEFORE, mode);
    const other = path.join(directory, 'other');
    fs.linkSync(file, other);
    const before = rights();
    for (const content of [AFTER, SECRET, BEFORE]) {
      rewrite(content);
      expect([text(), fs.readFileSync(other, 'utf8')]).toEqual([content, BEFORE]);
    }
    createFiles(thisSystem).setMode(file, mode);
    expect([rights(), fs.statSync(other).mode & 0o777]).toEqual([before, mode]);
  });

  it.each([0o600, 0o644])(
    'that a program has written since it was read is unchanged: Contention, mode %o',
    (mode) => {
      write(BEFORE, mode);
      const files = createFiles(
        atEveryChange((call) => {
          // When the new content, or the journal, is complete.
          if (call === 'utimesSync') fs.writeFileSync(file, '[C]\nz=3\n');
        }),
      );
      const { id } = files.state(file);
      expect(() => files.rewrite(file, Buffer.from(AFTER), id, plan())).toThrow(Contention);
      expect([text(), rights().mode, fs.readdirSync(directory)]).toEqual([
        '[C]\nz=3\n',
        mode.toString(8),
        ['config'],
      ]);
    },
  );

  it.each([
    [0o600, 'writeFileSync', 1],
    [0o600, 'renameSync', 1],
    [0o644, 'writeFileSync', 1],
    [0o644, 'renameSync', 1],
    [0o644, 'writeFileSync', 2],
    [0o644, 'ftruncateSync', 1],
  ] as const)('is unchanged when the disk is full: mode %o, %s %i', (mode, call, n) => {
    write(BEFORE, mode);
    const before = attributes();
    const files = createFiles(fromThen(call, n));
    const { id } = files.state(file);
    // A file that cannot be renamed is written in place.
    if (mode === 0o600 && call === 'renameSync') files.rewrite(file, Buffer.from(BEFORE), id, plan());
    else
      expect(() => files.rewrite(file, Buffer.from(AFTER), id, plan())).toThrow(
        expect.objectContaining({ code: 'FILES_NOT_WRITABLE' }),
      );
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([BEFORE, before, ['config']]);
  });
});

describe('a file that gets a secret', () => {
  itWithModes.each([0o644, 0o664, 0o666, 0o640, 0o444, 0o600])(
    'has mode 600 at every call with the secret: %o',
    (mode) => {
      write(BEFORE, mode);
      const modes = new Set<string>();
      const system = atEveryChange(() => {
        for (const name of fs.readdirSync(directory)) {
          const one = path.join(directory, name);
          if (fs.readFileSync(one, 'utf8').includes('secret')) modes.add(modeOf(one));
        }
      });
      for (const content of [SECRET, AFTER]) rewrite(content, system, true);
      expect([modes, text(), rights().mode]).toEqual([new Set(['600']), AFTER, '600']);
    },
  );

  itWithModes.each<[string, () => System]>([
    ['is refused', () => failing(thisSystem, 'fchmodSync', 'EPERM')],
    ['has no effect', () => ({ ...thisSystem, fs: { ...fs, fchmodSync: () => {} } as typeof fs })],
  ])('is refused with the remedy when a change of its mode %s: PATH_UNSAFE', (_what, system) => {
    write(BEFORE, 0o644);
    const before = attributes();
    expect(() => rewrite(SECRET, system())).toThrow(
      expect.objectContaining({ code: 'PATH_UNSAFE', message: expect.stringContaining('chmod 600') }),
    );
    expect([text(), attributes(), fs.readdirSync(directory)]).toEqual([BEFORE, before, ['config']]);
  });
});

describe('a process that is killed at any call', () => {
  const replaced = () => thisSystem;
  const mounted = () => failing(thisSystem, 'renameSync', 'EBUSY', 1, /scratch$/);
  const KILLS: [string, () => System, number, string, string][] = [
    ['a longer content', replaced, 0o644, BEFORE, AFTER],
    ['a shorter content', replaced, 0o644, AFTER, BEFORE],
    ['a read-only file', replaced, 0o444, BEFORE, AFTER],
    ['a file for its owner alone', replaced, 0o600, BEFORE, AFTER],
    ['a file for its owner alone that is a mount point', mounted, 0o600, AFTER, BEFORE],
    ['a secret', replaced, 0o644, BEFORE, SECRET],
    ['a secret that goes', replaced, 0o600, SECRET, BEFORE],
  ];

  it.each(KILLS)(
    'leaves the old or the new content after the next start: %s',
    (_what, system, mode, from, to) => {
      for (const isPartial of [false, true]) {
        for (let n = 1, isKilled = true; isKilled; n += 1) {
          directory = fs.mkdtempSync(path.join(root, 'd-'));
          file = path.join(directory, 'config');
          write(from, mode);
          const before = rights();
          isKilled = survives(() => rewrite(to, killing(system(), n, isPartial))) === false;
          // A start that is killed too.
          for (let m = 1; survives(() => undo(killing(system(), m, isPartial))) === false; m += 1);
          undo(system());
          expect([from, to]).toContain(text());
          const now = rights();
          const expected = to === SECRET ? [before, { ...before, mode: '600' }] : [before];
          expect([n, expected]).toEqual([n, expect.arrayContaining([now])]);
          const left = fs.readdirSync(directory).filter((name) => name !== 'scratch');
          expect([n, left]).toEqual([n, ['config']]);
        }
      }
    },
  );

  itWithModes('leaves a secret in no file that others can read', () => {
    for (let n = 1, isKilled = true; isKilled; n += 1) {
      directory = fs.mkdtempSync(path.join(root, 'd-'));
      file = path.join(directory, 'config');
      write(BEFORE, 0o666);
      isKilled = survives(() => rewrite(SECRET, killing(thisSystem, n, true))) === false;
      for (const name of fs.readdirSync(directory)) {
        const one = path.join(directory, name);
        const isReadable = (fs.statSync(one).mode & 0o077) !== 0;
        if (isReadable) expect([n, name, fs.readFileSync(one, 'utf8')]).toEqual([n, name, BEFORE]);
      }
    }
  });

  it('restores the old content when clean-up has blanked a secret in what is left', () => {
    const own = '[A]\nx = 1\n[B]\nkey = of the user, and a long one\n[C]\nz=3\n';
    const ours = '[A]\nkey = secret of a login\n[C]\nz=3\n';
    for (const cut of [10, 20, 27, ours.length]) {
      write(ours.slice(0, cut) + own.slice(cut), 0o600);
      const record = `${0o600} ${own.length}\n${own}${ours}`;
      fs.writeFileSync(path.join(directory, 'journal'), record);
      const left = text();
      fs.writeFileSync(
        file,
        left.replace(/(?<=key = ).*/g, (value) => ' '.repeat(value.length)),
      );
      undo(thisSystem);
      expect([cut, text(), fs.readdirSync(directory)]).toEqual([cut, own, ['config']]);
    }
  });

  it.each(['', '[C]\nz=3\n', `${AFTER}[C]\n`])(
    'leaves what another program has written since: %j',
    (content) => {
      write(content, 0o644);
      fs.writeFileSync(
        path.join(directory, 'journal'),
        `${0o644} ${BEFORE.length}\n${BEFORE}[A]\nx=1\nours=1\n`,
      );
      undo(thisSystem);
      expect([text(), fs.readdirSync(directory)]).toEqual([content, ['config']]);
    },
  );
});

const CHANGES = [
  'openSync',
  'writeFileSync',
  'fchmodSync',
  'ftruncateSync',
  'futimesSync',
  'utimesSync',
  'chownSync',
  'renameSync',
  'rmSync',
] as const;

class Killed extends Error {}

/** Runs `after` behind every change of the disk. */
function atEveryChange(after: (call: string) => void): System {
  return hooked(thisSystem, (name, call) => {
    const result = call();
    after(name);
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
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: name.replace('Sync', '') });
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
