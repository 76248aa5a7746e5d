// A stranger with perfect timing: just before a login or a clean-up takes any step, a link lies where the step leads.
// Names that cannot be guessed are no protection here; each step must hold by itself.
import { lstatSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ActionError } from '../../src/errors/action-error.ts';
import { nodeFiles } from '../../src/node/files.ts';
import type { Files } from '../../src/ports.ts';
import { disk, fill, KEY, newHome, newLogin, removeHomes } from '../unit/profiles/home.ts';
import { treeOf } from '../unit/profiles/tree.ts';

afterAll(removeHomes);

const STEPS = [
  'makeDirectory',
  'ensureDirectory',
  'create',
  'replace',
  'rename',
  'remove',
  'removeTree',
] as const;

/** Files that find a link at one of the paths of their n-th step, whatever lay there moved out of its way. */
function withLinkAt(
  n: number,
  theirs: string,
): { files: Files; planted: () => string | undefined; steps: () => number } {
  let steps = 0;
  let planted: string | undefined;
  const plant = (at: string) => {
    if (lstatSync(path.dirname(at), { throwIfNoEntry: false }) === undefined) return;
    if (lstatSync(at, { throwIfNoEntry: false }) !== undefined) renameSync(at, `${at}.moved`);
    const isTree = lstatSync(`${at}.moved`, { throwIfNoEntry: false })?.isDirectory() ?? false;
    symlinkSync(path.join(theirs, isTree ? 'directory' : 'file'), at);
    planted = at;
  };
  const hooked = STEPS.map((step) => {
    const call = nodeFiles[step] as (...parameters: unknown[]) => unknown;
    const stepped = (...parameters: unknown[]) => {
      for (const at of parameters.filter((one) => typeof one === 'string' && path.isAbsolute(one))) {
        steps += 1;
        if (steps === n) plant(String(at));
      }
      return call(...parameters);
    };
    return [step, stepped];
  });
  return {
    files: { ...nodeFiles, ...Object.fromEntries(hooked) },
    planted: () => planted,
    steps: () => steps,
  };
}

async function allowingRefusal(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    expect(['PATH_UNSAFE', 'FILES_NOT_WRITABLE']).toContain(error.code);
  }
}

describe('a link that comes just before a step', () => {
  it.each(['a login', 'a clean-up'])('of %s leads nowhere', async (whose) => {
    const places: string[] = [];
    let isOver = false;
    for (let n = 1; !isOver; n += 1) {
      const home = newHome();
      const theirs = newHome();
      fill(theirs, { file: '[THEIRS]\n', 'directory/token': 'theirs', 'directory/config': '[P]\n' });
      fill(home, { '.oci/config': '[P]\nuser=u\n[Z]', '.oci/sessions/P/token': 'old' });
      const before = treeOf(theirs);
      const { files, planted, steps } = withLinkAt(n, theirs);
      const hostile = { ...disk, files };
      const login = newLogin(home, 'a1', { overwrite: true });
      await allowingRefusal(login.install(whose === 'a login' ? hostile : disk));
      await allowingRefusal(login.remove(whose === 'a login' ? disk : hostile));
      const at = planted();
      expect([at, treeOf(theirs)]).toEqual([at, before]);
      await allowingRefusal(login.remove());
      expect(treeOf(theirs)).toEqual(before);
      expect(JSON.stringify(treeOf(theirs))).not.toContain(KEY);
      if (at !== undefined) places.push(path.relative(home, at));
      isOver = steps() < n;
    }
    expect(places.length).toBeGreaterThan(5);
    expect(places).toContain('.oci/config');
  });
});
