// Paths at which other users could replace files, by platform, user and group.
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createFiles } from '../../../src/node/files.ts';
import { type System, thisSystem } from '../../../src/node/system.ts';
import { describeWithLinks, describeWithModes, itWithLinks } from '../systems-with.ts';
import { ownedBy, windows, withFiles } from './fake-systems.ts';

const root = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'trust-test-')));
let parent = root;
let directory = root;
beforeEach(() => {
  parent = fs.mkdtempSync(path.join(root, 'd-'));
  directory = path.join(parent, 'it');
  fs.mkdirSync(directory);
});
afterAll(() => fs.rmSync(root, { recursive: true }));

const ME = 1001;
const OTHER = 1002;
const EVERYTHING = /^/;
const ITSELF = /it$/;
const SAFE = undefined;
const posix = (platform: 'linux' | 'darwin', uid: number): System => ({
  ...thisSystem,
  platform,
  uid,
  temporary: undefined,
  workspace: undefined,
});
const reasonFor = (system: System) =>
  createFiles(system).unsafeReason([{ path: directory, use: 'directory' }]);
const expectReason = (system: System, reason: RegExp | undefined) =>
  reason ? expect(reasonFor(system)).toMatch(reason) : expect(reasonFor(system)).toBeUndefined();

describeWithModes.each(['linux', 'darwin'] as const)('on %s', (platform) => {
  const me = posix(platform, ME);
  const mine = ownedBy(me, ME, EVERYTHING, OTHER);

  it.each<[mode: number, itself: RegExp | undefined, above: RegExp | undefined]>([
    [0o700, SAFE, SAFE],
    [0o2755, SAFE, SAFE],
    [0o775, /group 1002 \(mode 775\)/, /which can be written by group 1002 \(mode 775\)/],
    [0o1777, /every user .*\(mode 1777\)/, SAFE],
    [0o1775, /group 1002/, SAFE],
    [0o777, /every user of this machine \(mode 777\).*chmod go-w/, /which can be written by every user/],
    [0o702, /every user/, /every user/],
    [0o2777, /every user/, /every user/],
  ])('a directory of mode %o', (mode, itself, above) => {
    fs.chmodSync(directory, mode);
    expectReason(mine, itself);
    fs.chmodSync(directory, 0o700);
    fs.chmodSync(parent, mode);
    expectReason(mine, above);
  });

  it.each<[uid: number, owner: number, reason: RegExp | undefined]>([
    [ME, OTHER, /belongs to user 1002, but this job runs as user 1001.*chown/],
    [ME, 0, SAFE],
    [0, OTHER, /belongs to user 1002, but this job runs as user 0/],
  ])('for user %i, a directory of user %i, itself or above', (uid, owner, reason) => {
    const system = ownedBy(posix(platform, uid), uid, EVERYTHING);
    expectReason(ownedBy(system, owner, ITSELF), reason);
    expectReason(ownedBy(system, owner, /d-[^/]+$/), reason);
  });

  it('the user of the runner, who owns RUNNER_TEMP, is trusted', () => {
    const temporary = path.join(parent, 'temp');
    fs.mkdirSync(temporary);
    expectReason({ ...ownedBy(posix(platform, 0), OTHER, EVERYTHING), temporary }, SAFE);
  });

  it('directories above RUNNER_TEMP may have any mode and owner; RUNNER_TEMP may not', () => {
    const temporary = path.dirname(directory);
    fs.chmodSync(path.dirname(temporary), 0o777);
    try {
      const system = { ...ownedBy(mine, OTHER, /trust-test-[^/]+$/), temporary };
      expectReason(system, SAFE);
      expectReason(
        { ...system, temporary: undefined },
        /is in \/.*trust-test-\w+, which belongs to user 1002/,
      );
      fs.chmodSync(temporary, 0o777);
      expectReason(system, /which can be written by every user/);
    } finally {
      fs.chmodSync(path.dirname(temporary), 0o700);
    }
  });

  it('an absent path is as safe as the directories above it', () => {
    directory = path.join(directory, 'absent/too');
    expectReason(mine, SAFE);
    fs.chmodSync(parent, 0o777);
    expectReason(mine, /which can be written by every user/);
  });

  it('a file and a link are unsafe', () => {
    fs.rmdirSync(directory);
    fs.writeFileSync(directory, '');
    expectReason(mine, /should be a directory/);
    fs.rmSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.symlinkSync(`${directory}-real`, directory);
    for (const owner of [ME, OTHER]) expectReason(ownedBy(me, owner, EVERYTHING), /is a link/);
    expectReason(ownedBy(posix(platform, 0), 0, EVERYTHING), /is a link/);
  });

  it('a link of root is as safe as its target, as /tmp on macOS', () => {
    fs.rmdirSync(directory);
    fs.mkdirSync(`${directory}-real`);
    fs.symlinkSync(`${directory}-real`, directory);
    expectReason(ownedBy(mine, 0, ITSELF), SAFE);
    fs.chmodSync(`${directory}-real`, 0o777);
    expectReason(ownedBy(mine, 0, ITSELF), /mode 777/);
  });

  it('behind a link, the directories of both paths are checked', () => {
    const real = path.join(parent, 'real/it');
    fs.mkdirSync(real, { recursive: true });
    fs.symlinkSync('real', path.join(parent, 'link'));
    directory = path.join(parent, 'link/it');
    expectReason(mine, SAFE);
    expectReason(ownedBy(mine, OTHER, /link$/), /is in .*link, which belongs to user 1002/);
    fs.chmodSync(path.dirname(real), 0o777);
    expectReason(mine, /is in .*real, which can be written/);
  });

  it('the mode of a shared file does not count, but its owner does', () => {
    const file = path.join(directory, 'file');
    fs.writeFileSync(file, '');
    fs.chmodSync(file, 0o666);
    const { unsafeReason } = createFiles(mine);
    const shared = [{ path: file, use: 'shared file' as const }];
    expect(unsafeReason(shared)).toBeUndefined();
    expect(unsafeReason([{ path: file, use: 'file' }])).toMatch(/every user/);
    expect(createFiles(ownedBy(mine, OTHER, /file$/)).unsafeReason(shared)).toMatch(/user 1002/);
  });
});

describeWithModes('a directory that a group can write', () => {
  const PASSWD =
    'root:x:0:0::/root:/bin/sh\nrunner:x:1001:1001::/home/runner:/bin/sh\nbob:x:1002:100::/:/bin/sh\n';
  const GROUP =
    'root:x:0:\nrunner:x:1001:\nmine:x:50:runner\nours:x:60:runner,bob\nldap:x:70:runner,alice\nnone:x:80:\nusers:x:100:runner\n';

  it.each<[string, gid: number, RegExp | undefined]>([
    ["the user's primary group", 1001, SAFE],
    ['a group with no other member', 50, SAFE],
    ['a group with another member', 60, /group 60 \(mode 770\)/],
    ['a group with a member without an account here', 70, /group 70/],
    ['a group without members', 80, /group 80/],
    ['the primary group of another user', 100, /group 100/],
    ['an unknown group', 90, /group 90/],
    ["root's group", 0, /group 0/],
  ])('for %s', (_what, gid, reason) => {
    fs.chmodSync(directory, 0o770);
    const system = ownedBy(posix('linux', ME), ME, EVERYTHING, gid);
    expectReason(withFiles(system, { '/etc/passwd': PASSWD, '/etc/group': GROUP }), reason);
  });

  it.each<[string, uid: number, gid: number, RegExp | undefined]>([
    ['without an account, for the group of the same number', 54321, 54321, SAFE],
    ['without an account, for another group', 54321, 54322, /group 54322/],
    ['root, who has no group of its own', 0, 0, /group 0/],
  ])('for a user %s', (_what, uid, gid, reason) => {
    fs.chmodSync(directory, 0o770);
    const system = ownedBy(posix('linux', uid), uid, EVERYTHING, gid);
    expectReason(withFiles(system, { '/etc/passwd': PASSWD, '/etc/group': GROUP }), reason);
  });

  it('on macOS, where all users are in one group', () => {
    fs.chmodSync(directory, 0o770);
    const system = ownedBy(posix('darwin', ME), ME, EVERYTHING, 1001);
    expectReason(withFiles(system, { '/etc/passwd': PASSWD, '/etc/group': GROUP }), /group 1001/);
  });
});

describeWithLinks.each<[string, () => System]>([
  ['Linux', () => ownedBy(posix('linux', ME), ME, EVERYTHING)],
  ['macOS', () => ownedBy(posix('darwin', ME), ME, EVERYTHING)],
  ['Windows', windows],
])('on %s, a path in the checkout', (_name, systemOf) => {
  it('is refused, also behind a link', () => {
    const system = { ...systemOf(), workspace: directory };
    expectReason(system, SAFE);
    directory = path.join(directory, 'absent');
    expectReason(system, /is in the checkout .*it, where later steps could publish it/);
    fs.symlinkSync(parent, path.join(root, `link-${path.basename(parent)}`));
    directory = path.join(root, `link-${path.basename(parent)}`, 'it/absent');
    expectReason(system, /is in the checkout/);
  });
});

describe('on Windows', () => {
  it('ignores mode and owner, which Node invents', () => {
    fs.chmodSync(directory, 0o777);
    expectReason(ownedBy(windows(), OTHER, EVERYTHING), SAFE);
  });

  itWithLinks('a link of any owner is unsafe', () => {
    fs.rmdirSync(directory);
    fs.symlinkSync(root, directory);
    expectReason(ownedBy(windows(), 0, EVERYTHING), /is a link/);
  });
});
