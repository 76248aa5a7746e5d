// Many jobs on one machine share a home: no profile is lost, no file is torn, and in the end all is as it was.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fill, newHome, removeHomes } from './home.ts';
import { treeOf } from './tree.ts';

afterAll(removeHomes);

const VISITORS = 8;
const ROUNDS = 6;
const OWN = '[Z]\nkept=yes';

function visit(home: string, name: string): Promise<[code: number | null, said: string]> {
  const script = path.join(import.meta.dirname, 'visitor.ts');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, home, name, String(ROUNDS)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve([code, said]));
  });
}

/** Reads the config as often as it can, and says which texts were not whole. */
async function watch(file: string, isOver: () => boolean): Promise<string[]> {
  const torn: string[] = [];
  while (!isOver()) {
    const text = readFileSync(file, 'latin1');
    const headers = text.match(/^\[/gm)?.length ?? 0;
    const ends = text.match(/^(security_token_file|kept)=.+$/gm)?.length ?? 0;
    if (!text.startsWith(OWN) || headers !== ends) torn.push(text);
    await sleep(1);
  }
  return torn;
}

describe('a crowd of logins and clean-ups in one home', () => {
  it.each([
    ['that was empty', {}],
    ['with a config of its own', { '.oci/config': OWN }],
  ])('%s loses nothing and leaves nothing', async (_what, files) => {
    const home = newHome();
    fill(home, files);
    const before = treeOf(home);
    let isOver = false;
    const names = Array.from({ length: VISITORS }, (_, at) => `v${at}`);
    const watching = '.oci/config' in files ? watch(path.join(home, '.oci/config'), () => isOver) : [];
    const ends = await Promise.all(names.map((name) => visit(home, name)));
    isOver = true;
    expect(ends).toEqual(names.map(() => [0, '']));
    expect(await watching).toEqual([]);
    expect(treeOf(home)).toEqual(before);
  });
});
