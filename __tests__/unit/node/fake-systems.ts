// Other platforms and failing file systems: this one's file system with some calls changed.
import fs from 'node:fs';
import type { System } from '../../../src/node/system.ts';

/** Without O_NOFOLLOW and user IDs. */
export function windows(): System {
  const { O_NOFOLLOW: _, ...constants } = fs.constants;
  return {
    platform: 'win32',
    uid: undefined,
    temporary: undefined,
    workspace: undefined,
    fs: { ...fs, constants } as typeof fs,
  };
}

type Call =
  | 'renameSync'
  | 'chownSync'
  | 'ftruncateSync'
  | 'rmSync'
  | 'writeFileSync'
  | 'fchmodSync'
  | 'openSync'
  | 'lstatSync'
  | 'readdirSync';

/** One call fails, the first `times` times, for paths that match. */
export function failing(
  system: System,
  call: Call,
  code: string,
  times = Number.POSITIVE_INFINITY,
  onPath = /^/,
): System {
  let left = times;
  const real = system.fs[call] as (...parameters: unknown[]) => unknown;
  const failingCall = (...parameters: unknown[]) => {
    if (left === 0 || !onPath.test(String(parameters[0]))) return real(...parameters);
    left -= 1;
    throw Object.assign(new Error(code), { code, syscall: call.replace('Sync', '') });
  };
  return { ...system, fs: { ...system.fs, [call]: failingCall } as typeof fs };
}

/** Paths that match seem to belong to this user, and to this group if one is given. */
export function ownedBy(system: System, owner: number, path: RegExp, group?: number): System {
  const as = (call: 'statSync' | 'lstatSync') => {
    const real = system.fs[call] as (...parameters: unknown[]) => fs.Stats | undefined;
    return (...parameters: unknown[]) => {
      const stats = real(...parameters);
      const changes = { uid: owner, ...(group !== undefined && { gid: group }) };
      return stats && path.test(String(parameters[0])) ? Object.assign(stats, changes) : stats;
    };
  };
  return {
    ...system,
    fs: { ...system.fs, statSync: as('statSync'), lstatSync: as('lstatSync') } as typeof fs,
  };
}

/** These files seem to have this content. */
export function withFiles(system: System, contents: Readonly<Record<string, string>>): System {
  const readFileSync = (file: string, ...more: never[]) =>
    contents[file] ?? system.fs.readFileSync(file, ...more);
  return { ...system, fs: { ...system.fs, readFileSync } as typeof fs };
}
