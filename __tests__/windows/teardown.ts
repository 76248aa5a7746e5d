// Ends Wine and removes its registry and drive C:.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { PREFIX, WINE_SERVER, wineVariables } from './wine.ts';

export default function teardown(): void {
  for (const flag of ['--kill', '--wait']) spawnSync(WINE_SERVER, [flag], { env: wineVariables() });
  rmSync(process.env[PREFIX] ?? '', { recursive: true, force: true });
}
