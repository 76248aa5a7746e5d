// Obstacles that later steps, other users or other programs leave before the post step. One of them must not keep anything
// else, least of all a secret. The files of others stay as they are.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { treeOf } from '../unit/profiles/tree.ts';
import { itWithLinks, itWithMovableFiles } from '../unit/systems-with.ts';
import { startJourney, warningsOf, writeHome } from './journey.ts';
import { hostOf, readConfig } from './registry-clients.ts';

/** Files of the user, in which the login writes sections. */
const HOME = {
  '.oci/config': '[A]\nuser=x\n',
  '.oci/sessions/A/token': 'of the user',
  '.aws/config': '[profile b]\nregion=x\n',
  '.aws/credentials': '[b]\naws_access_key_id=x\n',
  '.docker/config.json': '{"auths": {}}',
};
const THEIRS = {
  file: '[THEIRS]\nuser=x\n',
  'directory/config': '[DEPLOY]\nuser=y\n',
  'directory/token': 'x',
};
const EVERYTHING = {
  profile: 'DEPLOY',
  'aws-profile': 'deploy',
  'export-for': 'cli, terraform, docker, ocir',
  'ocir-login': 'true',
  refresh: 'true',
};
const OCI_LEDGER = '.oci/.oci-wif-action-ledger.json';
const AWS_LEDGER = '.aws/.oci-wif-action-ledger.json';
const KEY = '.oci/sessions/DEPLOY/oci_api_key.pem';

interface Scene {
  home: string;
  /** The login's directory in RUNNER_TEMP. */
  temporary: string;
  /** A directory of another user. */
  theirs: string;
  /** A path outside the home to which a step moves something of ours. */
  elsewhere: string;
  /** In the home. */
  at(name: string): string;
}

interface Obstacle {
  title: string;
  /** @returns how to undo what would keep the test from removing its files */
  plant(scene: Scene): unknown;
  /** One pattern per warning. */
  warnings?: RegExp[];
  /** Names of the secrets that cannot be removed, and that a warning names. */
  kept?: string[];
  /** The files of HOME that the obstacle takes away. */
  lost?: (keyof typeof HOME)[];
}

const isRoot = process.getuid?.() === 0;

function immutable(file: string): () => void {
  execFileSync('chattr', ['+i', file]);
  return () => execFileSync('chattr', ['-i', file]);
}

function replacedByLink(file: string, target: string, moveTo?: string): void {
  if (moveTo === undefined) rmSync(file, { recursive: true });
  else renameSync(file, moveTo);
  symlinkSync(target, file);
}

type Json = Record<string, unknown> & { entries: Record<string, unknown>[] };

function editLedger(file: string, edit: (ledger: Json) => void): void {
  const ledger = JSON.parse(readFileSync(file, 'utf8')) as Json;
  edit(ledger);
  writeFileSync(file, JSON.stringify(ledger));
}

function lockFile(directory: string, date = new Date()): string {
  const namespace = existsSync('/proc/self/ns/pid')
    ? readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
    : '0';
  const file = path.join(directory, `.oci-wif-action.lock-${process.pid}-${namespace}-00`);
  writeFileSync(file, '');
  utimesSync(file, date, date);
  return file;
}

const ALWAYS: Obstacle[] = [
  {
    title: 'a session that was moved to the place of another',
    plant({ at }) {
      rmSync(at('.oci/sessions/A'), { recursive: true });
      renameSync(at('.oci/sessions/DEPLOY'), at('.oci/sessions/A'));
    },
    lost: ['.oci/sessions/A/token'],
  },
  {
    title: 'files in place of all directories',
    plant({ at }) {
      for (const one of [at('.oci/sessions'), at('.aws'), at('.docker')]) {
        rmSync(one, { recursive: true });
        writeFileSync(one, '');
      }
    },
    lost: ['.oci/sessions/A/token', '.aws/config', '.aws/credentials', '.docker/config.json'],
  },
  {
    title: 'ledgers that are too large, and directories',
    plant({ at }) {
      truncateSync(at(OCI_LEDGER), 700 * 2 ** 20);
      rmSync(at(AWS_LEDGER));
      mkdirSync(at(AWS_LEDGER));
    },
  },
  {
    title: 'directories with the name of the scratch file',
    plant({ at }) {
      for (const one of ['.oci', '.aws', '.docker'])
        mkdirSync(at(`${one}/.oci-wif-action-scratch/x`), { recursive: true });
    },
  },
  {
    title: 'ledgers that name files and directories of others',
    plant({ at, home, theirs }) {
      mkdirSync(path.join(home, 'empty'));
      for (const name of [OCI_LEDGER, AWS_LEDGER]) {
        editLedger(at(name), (ledger) => {
          const names = [home, path.dirname(home), theirs, path.join(home, 'empty')];
          ledger['createdDirectories'] = names;
          ledger['createdFiles'] = [at('.oci/config'), at('.aws/config'), `${theirs}/file`];
          for (const entry of ledger.entries) entry['keyDigest'] = 'another';
          ledger.entries.push(
            ...ledger.entries.map((one) => ({
              ...one,
              loginId: 'ff',
              previousDirectory: at('.oci/sessions/A'),
            })),
            { ...ledger.entries[0], file: `${theirs}/file` },
          );
        });
      }
    },
  },
  {
    title: 'locks dated in the future and in 1970, and a directory with the name of one',
    plant({ at }) {
      lockFile(at('.oci'), new Date('2099-01-01'));
      mkdirSync(`${lockFile(at('.aws'), new Date(0))}0`);
    },
  },
];

const LINKS: Obstacle[] = [
  {
    title:
      'links where the session, its directory, the AWS credentials and the password were, which lead to them',
    plant({ at, elsewhere }) {
      mkdirSync(elsewhere);
      replacedByLink(at(KEY), `${elsewhere}/key`, `${elsewhere}/key`);
      replacedByLink(at('.oci/sessions'), `${elsewhere}/sessions`, `${elsewhere}/sessions`);
      replacedByLink(at('.aws/credentials'), `${elsewhere}/credentials`, `${elsewhere}/credentials`);
      replacedByLink(at('.docker/config.json'), `${elsewhere}/docker`, `${elsewhere}/docker`);
    },
    warnings: [
      /the entry for \S+ in auths in \S+config\.json\. PATH_UNSAFE/,
      /profile \[deploy\] in \S+credentials\. PATH_UNSAFE/,
    ],
    lost: ['.oci/sessions/A/token', '.aws/credentials', '.docker/config.json'],
  },
  {
    title: 'links to files of another user',
    plant({ at, theirs }) {
      replacedByLink(at('.oci'), `${theirs}/directory`);
      replacedByLink(at('.aws/config'), `${theirs}/file`);
    },
    warnings: [/profile \[profile deploy\] in \S+config\. PATH_UNSAFE/],
    lost: ['.oci/config', '.oci/sessions/A/token', '.aws/config'],
  },
  {
    title: 'a link where the temporary directory was, which leads to it: says that it stays',
    plant: ({ temporary, elsewhere }) => replacedByLink(temporary, elsewhere, elsewhere),
    warnings: [
      /Could not remove \S+oci-wif-action-\w+\. PATH_UNSAFE: A later step moved it\. Delete \S+elsewhere\./,
    ],
    kept: ['idToken'],
  },
];

const MOVED: Obstacle[] = [
  {
    title: 'dangling links in place of all directories',
    plant({ at, temporary }) {
      for (const one of [at('.oci'), at('.aws'), at('.docker'), temporary])
        replacedByLink(one, '/nonexistent/x');
    },
    lost: Object.keys(HOME) as (keyof typeof HOME)[],
  },
];

const FOR_ROOT: Obstacle[] = [
  {
    title: 'a token that cannot be removed: removes the key and the profile',
    plant: ({ at }) => immutable(at('.oci/sessions/DEPLOY/token')),
    warnings: [/the key of profile \[DEPLOY\].*token cannot be used/, /profile \[DEPLOY\].*cannot be used/],
    kept: ['token'],
  },
  {
    title: 'a log that cannot be removed: removes the token beside it',
    plant: ({ temporary }) =>
      immutable(path.join(temporary, `${readdirSync(temporary).find((one) => one.endsWith('.log'))}`)),
    warnings: [/Could not remove \S+oci-wif-action-/],
  },
  {
    title: 'a temporary directory that cannot be changed: removes the profiles',
    plant: ({ temporary }) => immutable(temporary),
    warnings: [/Could not remove \S+oci-wif-action-/],
    kept: ['idToken'],
  },
  {
    title: 'a directory that cannot be changed: blanks the AWS credentials in it',
    plant: ({ at }) => immutable(at('.aws')),
    warnings: [/profile \[profile deploy\]/, /profile \[deploy\]/],
    lost: ['.aws/config', '.aws/credentials'],
  },
  {
    title: 'a directory of Docker that cannot be changed: blanks the password in it',
    plant: ({ at }) => immutable(at('.docker')),
    warnings: [/in auths/],
    lost: ['.docker/config.json'],
  },
  {
    title: 'locks of another user',
    plant({ at }) {
      for (const one of ['.oci', '.aws']) chownSync(lockFile(at(one)), 12_345, 12_345);
    },
  },
];

const FOR_OTHERS: Obstacle[] = [
  {
    title: 'files with secrets, and the directory of the session, that their owner may only read',
    plant({ at }) {
      for (const one of ['.aws/credentials', '.docker/config.json']) chmodSync(at(one), 0o400);
      chmodSync(at('.oci/sessions/DEPLOY'), 0o500);
    },
  },
  {
    title: 'files and directories without permissions',
    plant({ at, temporary }) {
      const ledgers = [at(OCI_LEDGER), at(AWS_LEDGER)];
      for (const one of [...ledgers, at(KEY), temporary, at('.oci/sessions/DEPLOY')]) chmodSync(one, 0);
      return () => {
        for (const one of ledgers.filter((ledger) => existsSync(ledger))) chmodSync(one, 0o600);
      };
    },
  },
];

async function expectClean({ plant, warnings = [], kept = [], lost = [] }: Obstacle) {
  const { emulator, job, toAws } = await startJourney();
  const root = path.dirname(job.home);
  const [theirs, elsewhere] = [path.join(root, 'theirs'), path.join(root, 'elsewhere')];
  writeHome(job.home, HOME);
  writeHome(theirs, THEIRS);
  mkdirSync(path.join(job.temp, '_github_home'));
  const main = await toAws({ ...EVERYTHING, 'ocir-registries': hostOf({ emulator }) });
  const at = (name: string) => path.join(job.home, name);
  const { temporary } = JSON.parse(main.state['session'] ?? '');
  const secrets = {
    key: readFileSync(at(KEY), 'utf8').split('\n')[3],
    token: readFileSync(at('.oci/sessions/DEPLOY/token'), 'utf8'),
    idToken: readFileSync(path.join(temporary, 'github-id-token'), 'utf8'),
    aws: [...emulator.world.awsSessions.values()].at(-1)?.secretAccessKey,
    password: readConfig({ job }).auths[hostOf({ emulator })].auth,
  };
  const undo: unknown = plant({ home: job.home, temporary, theirs, elsewhere, at });
  const before = treeOf(theirs);
  const post = await job.post(main);
  if (typeof undo === 'function') undo();
  expect([post.exitCode, post.stderr, job.processes()]).toEqual([0, '', []]);
  // refresh.test.ts has the warnings about the refresher, which depend on how soon the post step runs.
  const others = warningsOf(post).filter((text) => !/^The (log of the )?refresher/.test(text));
  expect(others).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
  expect(treeOf(theirs)).toEqual(before);
  const text = [job.home, job.temp, ...(existsSync(elsewhere) ? [elsewhere] : [])]
    .flatMap((one) => filesBelow(one))
    .join();
  const left = Object.entries(secrets).filter(([, secret]) => text.includes(`${secret}`));
  expect(left.map(([name]) => name)).toEqual(kept);
  for (const [name, content] of Object.entries(HOME))
    if (!lost.includes(name as keyof typeof HOME))
      expect([name, readFileSync(at(name), 'utf8')]).toEqual([name, content]);
  for (const [, profile, file = ''] of post.stdout.matchAll(
    /^Removed profile \[(.*)\] from (\S+?)(?:\.|;.*)$/gm,
  ))
    expect([
      profile,
      existsSync(file) && readFileSync(file, 'utf8').includes(`[${profile}]\n# oci-wif`),
    ]).toEqual([profile, false]);
}

/** The content of each small file, without following links. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const file = path.join(directory, name);
    const stats = lstatSync(file);
    if (stats.isDirectory()) return filesBelow(file);
    return stats.isFile() && stats.size < 2 ** 20 ? [readFileSync(file, 'utf8')] : [];
  });
}

describe('the post step cleans up after', () => {
  it.each(ALWAYS)('$title', expectClean);
  itWithLinks.each(LINKS)('$title', expectClean);
  itWithMovableFiles.each(MOVED)('$title', expectClean);
  (isRoot ? it : it.skip).each(FOR_ROOT)('$title (needs root)', expectClean);
  (isRoot || process.platform === 'win32' ? it.skip : it).each(FOR_OTHERS)(
    '$title (not as root)',
    expectClean,
  );
});
