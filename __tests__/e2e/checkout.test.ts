// Paths that lead into the checkout by a link: a later step could publish what is there.
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import { itWithLinks, itWithProcfs } from '../unit/systems-with.ts';
import { errorOf, startJourney, treeOf } from './journey.ts';

/** Below the directory of the job, in which each step runs. */
interface Way {
  links?: Record<string, string>;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  code: 'INPUT_INVALID' | 'PATH_UNSAFE';
}

const ROLE = { 'aws-profile': 'deploy', 'token-type': 'none', region: '' };
const FILES_IN_TEMP = { 'export-for': 'resource-principal' };

const WAYS: [what: string, way: Way][] = [
  [
    'a linked directory',
    { links: { l: 'workspace' }, inputs: { 'config-file': 'l/config' }, code: 'INPUT_INVALID' },
  ],
  ['a linked `.oci`', { links: { 'home/.oci': 'workspace/oci' }, code: 'INPUT_INVALID' }],
  [
    '`..` behind a link',
    { links: { l: 'workspace/a' }, inputs: { 'config-file': 'l/../config' }, code: 'INPUT_INVALID' },
  ],
  ['/proc/self/cwd', { inputs: { 'config-file': '/proc/self/cwd/workspace/config' }, code: 'INPUT_INVALID' }],
  [
    'a checkout that is a link',
    {
      links: { l: 'workspace' },
      env: { GITHUB_WORKSPACE: 'l' },
      inputs: { 'config-file': 'workspace/config' },
      code: 'INPUT_INVALID',
    },
  ],
  ['a linked `.aws`', { links: { 'home/.aws': 'workspace/oci' }, inputs: ROLE, code: 'PATH_UNSAFE' }],
  [
    'AWS_CONFIG_FILE in a linked directory',
    { links: { l: 'workspace' }, env: { AWS_CONFIG_FILE: 'l/config' }, inputs: ROLE, code: 'PATH_UNSAFE' },
  ],
  [
    'AWS_SHARED_CREDENTIALS_FILE below /proc/self/cwd',
    { env: { AWS_SHARED_CREDENTIALS_FILE: '/proc/self/cwd/workspace/c' }, inputs: ROLE, code: 'PATH_UNSAFE' },
  ],
  [
    'a linked RUNNER_TEMP',
    { links: { l: 'workspace' }, env: { RUNNER_TEMP: 'l' }, inputs: FILES_IN_TEMP, code: 'PATH_UNSAFE' },
  ],
  [
    'a linked home of Docker actions',
    { links: { 'temp/_github_home': 'workspace' }, inputs: { 'export-for': 'docker' }, code: 'PATH_UNSAFE' },
  ],
];

describe('a path that leads into the checkout', () => {
  const expectRefused = async (_what: string, { links = {}, inputs = {}, env = {}, code }: Way) => {
    const { job, main, emulator } = await startJourney();
    const root = path.dirname(job.home);
    const inRoot = (name: string) => `${root}/${name}`; // keeps `..`, which programs resolve behind a link
    for (const name of ['oci', 'a/b']) mkdirSync(path.join(job.workspace, name), { recursive: true });
    for (const [link, target] of Object.entries(links)) symlinkSync(inRoot(target), inRoot(link));
    const absolute = ([name, value]: [string, string]) => [
      name,
      /^[^/]+\/|^l$/.test(value) ? inRoot(value) : value,
    ];
    const withPaths = (values: Record<string, string>) =>
      Object.fromEntries(Object.entries(values).map(absolute));
    const trees = () => [job.home, job.temp, job.workspace].map(treeOf);
    const before = trees();
    const roles = inputs === ROLE ? emulator.awsInputs : {};
    const stage = await main({ ...roles, ...withPaths(inputs) }, { env: withPaths(env) });
    expect([stage.exitCode, stage.outputs]).toEqual([1, { 'failure-code': code }]);
    expect(errorOf(stage)).toMatch(/ the checkout/);
    expect(trees()).toEqual(before);
  };
  const needsLinux = ([what]: (typeof WAYS)[number]) => /\/proc\/|Docker/.test(what);
  itWithProcfs.each(WAYS.filter(needsLinux))('is refused: %s', expectRefused);
  itWithLinks.each(WAYS.filter((way) => !needsLinux(way)))('is refused: %s', expectRefused);
});
