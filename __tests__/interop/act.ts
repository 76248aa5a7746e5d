// Runs workflow files with act, without containers. Each run has its own repository, home directory and emulator.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect } from '@jest/globals';
import { killProcessesWith, processesWith } from '../../emulator/runner/processes.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server/start.ts';
import { treeOf, writeHome } from '../e2e/journey.ts';
import { encodingsOf } from '../e2e/secret-encodings.ts';
import { installed } from './install.ts';
import { stepIn } from './step.ts';

const root = path.join(import.meta.dirname, '../..');
const execute = promisify(execFile);
/** Files that are in the home directory before the run. */
const HOME_BEFORE = { '.oci/config': '[others]\nregion=eu-frankfurt-1\n' };

export interface Workflow {
  /** Below the project's root. */
  file: string;
  event?: string;
  /** Files of the user's repository: content by path. Files that begin with `#!` are executable. */
  repository?: Record<string, string>;
  /** Run in the action's own repository, for `uses: ./`. */
  own?: boolean;
  vars?: Record<string, string>;
  secrets?: Record<string, string>;
  env?: Record<string, string>;
  /** Run only this job. */
  job?: string;
}

export interface Ran {
  exitCode: number | null;
  log: string;
}

export interface Runner {
  emulator: Emulator;
  /** Running processes of the run. */
  processes(): ReturnType<typeof processesWith>;
  /** Runs it. Expects the home directory as before, no process left and no secret in the log. */
  run(workflow: Workflow): Promise<Ran>;
}

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export async function startRunner(options?: EmulatorOptions): Promise<Runner> {
  const emulator = await startEmulator(options);
  open.push(() => emulator.close());
  const directory = mkdtempSync(path.join(tmpdir(), 'act-'));
  const home = path.join(directory, 'home');
  open.push(() => {
    killProcessesWith('HOME', home);
    rmSync(directory, { recursive: true, force: true });
  });
  // act sets no RUNNER_TRACKING_ID. The refresher keeps few variables, HOME is one of them.
  const processes = () => processesWith('HOME', home);
  return {
    emulator,
    processes,
    async run(workflow) {
      writeHome(home, HOME_BEFORE);
      const before = treeOf(home);
      const env = { ...environment(emulator, directory), HOME: home, ...workflow.env };
      const project = await projectFor(workflow, directory);
      const act = stepIn({ env: () => env, workspace: project }, {});
      const { exitCode, stdout, stderr } = await act(
        installed('act', 'act'),
        argumentsFor(workflow, emulator, directory),
      );
      const log = stdout + stderr;
      expect(processes()).toEqual([]);
      expect(treeOf(home)).toEqual(before);
      expect(
        emulator.secrets().filter((secret) => encodingsOf(secret).some((form) => log.includes(form))),
      ).toEqual([]);
      return { exitCode, log };
    },
  };
}

/** Programs of a machine with act, and the addresses of the emulator. */
function environment({ urls, env, caFile }: Emulator, directory: string): Record<string, string> {
  const programs = [
    path.join(root, '__tests__/interop/stand-ins/bin'),
    path.dirname(installed('oci', 'bin/oci')),
    path.dirname(installed('aws', 'bin/aws')),
    path.dirname(installed('crane', 'crane')),
    path.dirname(process.execPath),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ];
  return {
    ...env,
    PATH: programs.join(path.delimiter),
    XDG_CACHE_HOME: path.join(directory, 'cache'),
    XDG_CONFIG_HOME: path.join(directory, 'configuration'),
    ARTIFACTS: path.join(directory, 'artifacts'),
    OCI_CLI_ENDPOINT: urls.oci,
    OCI_CLI_CERT_BUNDLE: caFile,
    // An IP address as host: with a host name, AWS's clients put the bucket into the name.
    AWS_ENDPOINT_URL_S3: urls.s3.replace('localhost', '127.0.0.1'),
    AWS_CA_BUNDLE: caFile,
  };
}

/** A git repository, which act needs. */
async function projectFor({ file, own, repository = {} }: Workflow, directory: string): Promise<string> {
  const action = path.join(directory, 'action');
  for (const part of ['action.yml', 'doctor', 'dist']) {
    cpSync(path.join(root, part), path.join(action, part), { recursive: true });
  }
  const project = own ? action : path.join(directory, 'project');
  const workflow = path.join(project, '.github/workflows', path.basename(file));
  mkdirSync(path.dirname(workflow), { recursive: true });
  cpSync(path.join(root, file), workflow);
  for (const [name, content] of Object.entries(repository)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), content, { mode: content.startsWith('#!') ? 0o755 : 0o644 });
  }
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const git = async (...args: string[]) => execute('git', ['-C', project, ...args], { env });
  await git('init', '--quiet', '--initial-branch=main');
  await git('remote', 'add', 'origin', 'https://github.com/acme/infra.git');
  await git('add', '--all');
  await git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=A');
  return project;
}

function argumentsFor(workflow: Workflow, { inputs }: Emulator, directory: string): string[] {
  const { event = 'push', file, job, vars, secrets } = workflow;
  const fileOf = (name: string, values: Record<string, string>) => {
    const lines = Object.entries(values).map(([key, value]) => `${key}='${value}'\n`);
    writeFileSync(path.join(directory, name), lines.join(''), { mode: 0o600 });
    return path.join(directory, name);
  };
  const domain = { DOMAIN_URL: inputs['domain-url'], CLIENT_ID: inputs['client-id'] };
  const given = {
    vars: {
      ...prefixed('OCI_', { ...domain, REGION: inputs.region, TENANCY: inputs.tenancy }),
      // Some examples use a second domain: here it is the same one.
      ...prefixed('AUDIT_', domain),
      ...vars,
    },
    secrets: {
      OCI_CLIENT_SECRET: inputs['client-secret'],
      AUDIT_CLIENT_SECRET: inputs['client-secret'],
      ...secrets,
    },
  };
  const local = [['org/oci-wif-action@v1', path.join(directory, 'action')], ...standInsFor(file)];
  return [
    event,
    ...['--workflows', `.github/workflows/${path.basename(file)}`],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--platform', 'self-hosted=-self-hosted'],
    ...['--var-file', fileOf('vars', given.vars)],
    ...['--secret-file', fileOf('secrets', given.secrets)],
    ...['--env-file', '/dev/null', '--input-file', '/dev/null'],
    ...['--action-cache-path', path.join(directory, 'actions'), '--no-cache-server', '--rm'],
    ...local.flatMap(([name, folder]) => ['--local-repository', `${name}=${folder}`]),
    ...(job === undefined ? [] : ['--job', job]),
  ];
}

const prefixed = (prefix: string, values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));

/** GitHub's actions that a workflow uses, in its versions, with the folders that replace them. */
function standInsFor(file: string): [name: string, folder: string][] {
  const used = readFileSync(path.join(root, file), 'utf8').matchAll(/uses: (actions\/([a-z-]+)@\w+)/g);
  return [...used].flatMap(([, name = '', action = '']) => {
    const folder = path.join(root, '__tests__/interop/stand-ins', action);
    return existsSync(folder) ? [[name, folder]] : [];
  });
}
