// Ends Wine and removes its registry and drive C:.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PREFIX, WINE_SERVER, wineVariables } from './wine.ts';

export default function teardown(): void {
  spawnSync(WINE_SERVER, ['--kill'], { env: wineVariables(), stdio: 'ignore' });
  const { [PREFIX]: prefix = '' } = process.env;
  // Debian's server leaves the directory of its socket, whose name is in this file.
  const file = path.join(prefix, 'wineserver');
  const socket = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (/^wine-\w+$/.test(socket)) rmSync(path.join(tmpdir(), socket), { recursive: true, force: true });
  rmSync(prefix, { recursive: true, force: true });
}
