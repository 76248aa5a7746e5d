// What a job downloads: the archive that GitHub makes of the repository, as `.gitattributes` limits it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const root = path.join(import.meta.dirname, '..');
export const DIST = path.join(root, 'dist');

/** Size in bytes of the archive of the working tree, compressed by gzip. `without`: files of `dist/` to leave out. */
export function downloadBytes(without: readonly string[] = []): number {
  const scratch = mkdtempSync(path.join(tmpdir(), 'archive-'));
  const env = { ...process.env, GIT_INDEX_FILE: path.join(scratch, 'index') };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env, maxBuffer: 1 << 28 });
  try {
    git('add', '--all');
    const tree = git('write-tree').toString().trim();
    const archive = git('archive', tree, '--', '.', ...without.map((name) => `:!dist/${name}`));
    return gzipSync(archive, { level: 9 }).length;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Files of `dist/` that only a login to AWS loads. */
export function awsFiles(): string[] {
  const isOfSdk = (name: string) =>
    /^\/\/ node_modules\/(@aws-sdk|@smithy)\//m.test(readFileSync(path.join(DIST, name), 'utf8'));
  return readdirSync(DIST).filter((name) => /^((login-)?aws-|event-streams)/.test(name) || isOfSdk(name));
}
