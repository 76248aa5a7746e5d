// Keeps `.interop/`: a folder for each client, filled once, and again when its pins change.
// Must not know how a client is installed, nor what it is for.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Client } from './clients.ts';

const CACHE = path.join(import.meta.dirname, '../.interop');
const run = promisify(execFile);

const stampOf = (name: string) => path.join(CACHE, `${name}.stamp`);
const reasonOf = (name: string) => path.join(CACHE, `${name}.reason`);

/** Never fails: without this client its own suites fail, and tell why. */
export async function install(client: Client): Promise<void> {
  const { name, pins, needs } = client;
  const folder = path.join(CACHE, name);
  const stamp = createHash('sha256').update(`${folder}\n${pins}`).digest('hex');
  if (existsSync(stampOf(name)) && readFileSync(stampOf(name), 'utf8') === stamp) return;
  for (const old of [stampOf(name), reasonOf(name), folder]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const start = performance.now();
  try {
    for (const { file, args } of client.commands(folder)) await run(file, args, { maxBuffer: 1 << 26 });
    writeFileSync(stampOf(name), stamp);
    process.stdout.write(
      `installed ${name} in ${((performance.now() - start) / 1000).toFixed(0)} s
`,
    );
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    writeFileSync(
      reasonOf(name),
      `${name} could not be installed; it needs ${needs}.
${message}
${stdout}${stderr}`,
    );
  }
}

/** A file of a client that is installed. */
export function installed(name: string, file: string): string {
  if (!existsSync(stampOf(name))) throw new Error(readFileSync(reasonOf(name), 'utf8'));
  return path.join(CACHE, name, file);
}
