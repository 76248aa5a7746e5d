// Systems other than this one, or in trouble: this one's file system with some of its calls changed.
import fs from 'node:fs';
import type { System } from '../../../src/node/system.ts';

/** Lacks what Windows lacks; everything that opens a file follows links. */
export function windows(): System {
  const { O_NOFOLLOW: _, ...constants } = fs.constants;
  return { platform: 'win32', uid: undefined, fs: { ...fs, constants } as typeof fs };
}

type Call =
  | 'renameSync'
  | 'rmSync'
  | 'writeFileSync'
  | 'fchmodSync'
  | 'openSync'
  | 'lstatSync'
  | 'readdirSync';

/** One call refuses, the first so many times; for `onPath` alone if that is given. */
export function failing(
  system: System,
  call: Call,
  code: string,
  times = Number.POSITIVE_INFINITY,
  onPath = /^/,
): System {
  let left = times;
  const real = system.fs[call] as (...parameters: unknown[]) => unknown;
  const refusing = (...parameters: unknown[]) => {
    if (left === 0 || !onPath.test(String(parameters[0]))) return real(...parameters);
    left -= 1;
    throw Object.assign(new Error(code), { code, syscall: call.replace('Sync', '') });
  };
  return { ...system, fs: { ...system.fs, [call]: refusing } as typeof fs };
}

/** Every file and directory seems to belong to this user. */
export function ownedBy(system: System, owner: number, path: RegExp): System {
  const as = (call: 'statSync' | 'lstatSync') => {
    const real = system.fs[call] as (...parameters: unknown[]) => fs.Stats | undefined;
    return (...parameters: unknown[]) => {
      const stats = real(...parameters);
      return stats && path.test(String(parameters[0])) ? Object.assign(stats, { uid: owner }) : stats;
    };
  };
  return {
    ...system,
    fs: { ...system.fs, statSync: as('statSync'), lstatSync: as('lstatSync') } as typeof fs,
  };
}
