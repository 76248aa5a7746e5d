// Another user plants a link at a path just before a login or a clean-up uses it. Random names do not protect here: each
// call must check for itself.
import { lstatSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { nodeFiles } from '../../../src/node/files.ts';
import type { Files, RewritePlan } from '../../../src/ports.ts';
import { itWithLinks } from '../systems-with.ts';
import { disk, fill, KEY, newHome, newLogin, removeHomes } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const CALLS = [
  'makeDirectory',
  'ensureDirectory',
  'create',
  'replace',
  'rewrite',
  'undoRewrite',
  'setMode',
  'rename',
  'remove',
  'removeTree',
] as const;

/** Files that find a link at the n-th path of their calls. The entry that was there is renamed. */
function withLinkAt(
  n: number,
  theirs: string,
): { files: Files; planted: () => string | undefined; paths: () => number } {
  let paths = 0;
  let planted: string | undefined;
  const plant = (at: string) => {
    if (lstatSync(path.dirname(at), { throwIfNoEntry: false }) === undefined) return;
    if (lstatSync(at, { throwIfNoEntry: false }) !== undefined) renameSync(at, `${at}.moved`);
    const isTree = lstatSync(`${at}.moved`, { throwIfNoEntry: false })?.isDirectory() ?? false;
    symlinkSync(path.join(theirs, isTree ? 'directory' : 'file'), at);
    planted = at;
  };
  const hooked = CALLS.map((name) => {
    const call = nodeFiles[name] as (...parameters: unknown[]) => unknown;
    const hookedCall = (...parameters: unknown[]) => {
      const texts = parameters.flatMap((one) => (isPlan(one) ? Object.values(one) : [one]));
      for (const at of texts.filter((one) => typeof one === 'string' && path.isAbsolute(one))) {
        paths += 1;
        if (paths === n) plant(String(at));
      }
      return call(...parameters);
    };
    return [name, hookedCall];
  });
  return {
    files: { ...nodeFiles, ...Object.fromEntries(hooked) },
    planted: () => planted,
    paths: () => paths,
  };
}

function isPlan(parameter: unknown): parameter is RewritePlan {
  return typeof parameter === 'object' && parameter !== null && 'journal' in parameter;
}

async function allowingRefusal(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    expect(['PATH_UNSAFE', 'FILES_NOT_WRITABLE']).toContain(error.code);
  }
}

describe('a link that is planted just before a call', () => {
  itWithLinks.each(['install', 'remove'])('is not followed by %s', async (hooked) => {
    const replaced: string[] = [];
    let isOver = false;
    for (let n = 1; !isOver; n += 1) {
      const home = newHome();
      const theirs = newHome();
      fill(theirs, { file: '[THEIRS]\n', 'directory/token': 'theirs', 'directory/config': '[P]\n' });
      fill(home, { '.oci/config': '[P]\nuser=u\n[Z]', '.oci/sessions/P/token': 'old' });
      const before = treeOf(theirs);
      const { files, planted, paths } = withLinkAt(n, theirs);
      const hostile = { ...disk, files };
      const login = newLogin(home, 'a1', { overwrite: true });
      await allowingRefusal(login.install(hooked === 'install' ? hostile : disk));
      await allowingRefusal(login.remove(hooked === 'install' ? disk : hostile));
      const at = planted();
      expect([at, treeOf(theirs)]).toEqual([at, before]);
      await allowingRefusal(login.remove());
      expect(treeOf(theirs)).toEqual(before);
      expect(JSON.stringify(treeOf(theirs))).not.toContain(KEY);
      if (at !== undefined) replaced.push(path.relative(home, at).replaceAll(path.sep, '/'));
      isOver = paths() < n;
    }
    expect(replaced.length).toBeGreaterThan(5);
    expect(replaced).toContain('.oci/config');
  });
});
