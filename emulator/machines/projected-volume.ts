// A volume with a projected service account token, written as the kubelet does it.
// Source: kubernetes/kubernetes, pkg/volume/util/atomic_writer.go.
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const DATA = '..data';

/**
 * Replaces the token: a new directory, and a rename of the link `..data` to it. The file is a link to its name in `..data`, so
 * that a watch of the file, or an open descriptor, shows the old token.
 * @param file the path of the token in the volume
 */
export function writeProjectedToken(file: string, token: string): void {
  const [volume, name] = [path.dirname(file), path.basename(file)];
  mkdirSync(volume, { recursive: true, mode: 0o755 });
  const written = `..${new Date().toISOString().replaceAll(/[-:T]/g, '_').slice(0, 19)}.${process.hrtime.bigint()}`;
  mkdirSync(path.join(volume, written), { mode: 0o755 });
  writeFileSync(path.join(volume, written, name), token, { mode: 0o644 });
  const data = path.join(volume, DATA);
  const before = linkAt(data);
  symlinkSync(written, `${data}_tmp`);
  renameSync(`${data}_tmp`, data);
  if (before === undefined) symlinkSync(path.join(DATA, name), file);
  else rmSync(path.join(volume, before), { recursive: true });
}

function linkAt(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
