// Installs clients into folders of `.interop/`: once, and again when the pins or the commands change.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Client } from './clients.ts';

const CACHE = path.join(import.meta.dirname, '../../.interop');
const run = promisify(execFile);

const stampOf = (cache: string, name: string) => path.join(cache, `${name}.stamp`);
const reasonOf = (cache: string, name: string) => path.join(cache, `${name}.reason`);

/**
 * Installs a client. Returns false if it is installed already.
 * Never fails: the tests that need the client fail with the reason.
 */
export async function install(client: Client, cache = CACHE): Promise<boolean> {
  const { name, needs, pins } = client;
  const folder = path.join(cache, name);
  const commands = client.commands(folder);
  const stamp = createHash('sha256')
    .update(JSON.stringify([pins, commands]))
    .digest('hex');
  const [stampFile, reasonFile] = [stampOf(cache, name), reasonOf(cache, name)];
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  for (const old of [stampFile, reasonFile, folder]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const { file, args, env } of commands) await run(file, args, { env: { ...process.env, ...env } });
    writeFileSync(stampFile, stamp);
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const output = [message, stdout, stderr].filter((text) => text !== '').join('\n');
    writeFileSync(reasonFile, `${name} could not be installed. It needs ${needs}.\n${output}`);
  }
  return true;
}

/**
 * The path of a file of a client.
 * @throws Error with the reason, when the client could not be installed
 */
export function installed(name: string, file: string, cache = CACHE): string {
  if (!existsSync(stampOf(cache, name))) throw new Error(readFileSync(reasonOf(cache, name), 'utf8'));
  return path.join(cache, name, file);
}
