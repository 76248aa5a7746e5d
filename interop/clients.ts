// Which clients there are, and how each comes from its own registry in the version that is pinned.
// Must not know what is tried with them.
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface Command {
  file: string;
  args: readonly string[];
}

export interface Client {
  /** Folder below `.interop/`. */
  name: string;
  /** Whatever decides what is installed: another text, and it is installed anew. */
  pins: string;
  /** Fills the folder, which is empty. */
  commands(folder: string): readonly Command[];
  /** What the machine must have. */
  needs: string;
}

const pinsOf = (name: string) => readFileSync(path.join(import.meta.dirname, 'pins', `${name}.txt`), 'utf8');

/** Wheels alone, and none but those that are pinned: no code runs, and no resolver chooses. */
function fromPyPi(name: string): Client {
  const pins = path.join(import.meta.dirname, 'pins', `${name}.txt`);
  return {
    name,
    pins: pinsOf(name),
    needs: 'Python 3.11 or later with venv (Debian, Ubuntu: apt-get install python3-venv)',
    commands(folder) {
      const python = path.join(folder, 'bin/python');
      const pip = ['-m', 'pip', '--disable-pip-version-check', '--quiet'];
      const exactly = ['--no-deps', '--only-binary', ':all:', '--no-compile', '-r', pins];
      return [
        { file: 'python3', args: ['-m', 'venv', folder] },
        { file: python, args: [...pip, 'install', ...exactly] },
        { file: python, args: [...pip, 'check'] },
      ];
    },
  };
}

export const CLIENTS: readonly Client[] = [fromPyPi('oci'), fromPyPi('aws')];

/** By the names in the matrix. */
export const VERSIONS = {
  'OCI CLI': pinnedInPyPi('oci', 'oci-cli'),
  'OCI SDK for Python': pinnedInPyPi('oci', 'oci'),
  'OCI SDK for TypeScript': pinnedInNpm('oci-common'),
  'AWS CLI': pinnedInPyPi('aws', 'awscli'),
  boto3: pinnedInPyPi('aws', 'boto3'),
  'AWS SDK for JavaScript': pinnedInNpm('@aws-sdk/client-s3'),
} as const;

function pinnedInPyPi(name: string, packageName: string): string {
  const line = pinsOf(name)
    .split('\n')
    .find((text) => text.startsWith(`${packageName}==`));
  if (line === undefined) throw new Error(`${packageName} is not pinned in interop/pins/${name}.txt`);
  return line.slice(packageName.length + 2);
}

/** Those come with `npm ci`. */
function pinnedInNpm(packageName: string): string {
  const file = path.join(import.meta.dirname, '../package.json');
  const { devDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  const version: unknown = devDependencies[packageName];
  if (typeof version !== 'string') throw new Error(`${packageName} is not among the devDependencies`);
  return version;
}
