import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Client } from '../interop/clients.ts';
import { install, installed } from '../interop/install.ts';

const cache = mkdtempSync(path.join(tmpdir(), 'interop-'));
afterEach(() => rmSync(cache, { recursive: true, force: true }));

/** Its folder holds a file with one line for each installation, unless the folder is made anew. */
const clientOf = (pins: string, script: string): Client => ({
  name: 'tool',
  pins,
  needs: 'a shell',
  commands: (folder) => [{ file: 'sh', args: ['-c', script, folder] }],
});
const COUNT = 'echo once >> "$0/log"; echo x >> "$0/../total"';
const total = () => readFileSync(path.join(cache, 'total'), 'utf8').length / 2;

describe('a client', () => {
  it('is installed once, and anew after another pin or another command', async () => {
    await install(clientOf('tool==1', COUNT), cache);
    await install(clientOf('tool==1', COUNT), cache);
    expect(total()).toBe(1);
    await install(clientOf('tool==2', COUNT), cache);
    await install(clientOf('tool==2', `${COUNT}; true`), cache);
    expect(total()).toBe(3);
    expect(readFileSync(installed('tool', 'log', cache), 'utf8')).toBe('once\n');
  });

  it('that cannot be installed tells what it needs, until it can', async () => {
    await install(clientOf('tool==1', 'echo no venv >&2; exit 3'), cache);
    expect(() => installed('tool', 'log', cache)).toThrow(/tool could not .* a shell\.[\s\S]*no venv/);
    await install(clientOf('tool==1', COUNT), cache);
    expect(existsSync(installed('tool', 'log', cache))).toBe(true);
  });
});
