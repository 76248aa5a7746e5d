// An ID token in a file that another program rewrites, such as the kubelet or Jenkins.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import { CommandError } from '../failure.ts';
import { adviseOnToken, issuerName } from './subjects.ts';
import { acceptToken, LONGEST_TOKEN } from './token.ts';

export interface FileSpec {
  kind: 'file';
  /** Absolute. */
  file: string;
}

const REMEDY =
  'Check the path in `--id-token-file`. Kubernetes writes the file in a projected volume (`serviceAccountToken:`), Jenkins when `withCredentials` begins.';

/** @param directory the one that a relative path begins in */
export function fileSource(file: string, directory: string): IdTokenSource {
  return fileSourceFrom({ kind: 'file', file: path.resolve(directory, file) });
}

export function fileSourceFrom(spec: FileSpec): IdTokenSource {
  const { file } = spec;
  let issuer = 'the issuer';
  return {
    get issuer() {
      return issuer;
    },
    supply: 'file',
    endsAt: undefined,
    url: undefined,
    spec,
    async request(deps) {
      const token = acceptToken(deps, readToken(file), { place: `The file ${file}`, remedy: REMEDY });
      issuer = issuerName(token.claims);
      return token;
    },
    adviseOn: (claims) => adviseOnToken(claims),
  };
}

/** Follows links: Kubernetes replaces the link to a directory when it renews the token. */
function readToken(file: string): string {
  try {
    const found = statSync(file);
    // Reading a pipe or a device could wait forever.
    if (found.isFile() && found.size <= LONGEST_TOKEN) return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT' ? `The file ${file} does not exist` : `The file ${file} cannot be read (${code})`;
    throw new CommandError('ID_TOKEN_MISSING', `${what}.`, { remedy: REMEDY });
  }
  const what = `${file} is not a regular file, or it is larger than ${LONGEST_TOKEN / 1024} KiB.`;
  throw new CommandError('ID_TOKEN_UNREADABLE', what, { remedy: REMEDY });
}

/** A warning for the token of a pod for the Kubernetes API: it gives access to the cluster. Undefined for another file. */
export function warningFor(file: string): string | undefined {
  if (!/\/kubernetes\.io\/serviceaccount\/token$/.test(path.posix.normalize(file))) return undefined;
  return `${file} is a token for the Kubernetes API, not for the domain. For \`--id-token-file\`, mount a projected \`serviceAccountToken:\` with its own \`audience:\`.`;
}
