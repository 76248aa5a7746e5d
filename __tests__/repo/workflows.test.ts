// Security rules for the workflows of this repository: pinned actions, least rights, no untrusted text in a shell.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse, parseDocument } from 'yaml';
import { INPUTS, type InputRule } from '../../src/inputs/schema.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  steps: Step[];
  permissions?: Record<string, string>;
  environment?: string;
  env?: unknown;
  'runs-on'?: string;
  'timeout-minutes'?: number;
  strategy?: { matrix?: Record<string, unknown> };
}

interface Workflow {
  name?: string;
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: unknown;
  env?: unknown;
  jobs: Record<string, Job>;
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const FOLDER = '.github/workflows';
const names = readdirSync(path.join(root, FOLDER)).toSorted();
const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const READ = { contents: 'read' };
/** Rights of jobs. Any other job may only read the contents. */
const RIGHTS: Readonly<Record<string, Record<string, string>>> = {
  'codeql.yml analyze': { ...READ, 'security-events': 'write' },
  'scorecard.yml analysis': { ...READ, 'security-events': 'write', 'id-token': 'write' },
  'probe.yml login': { ...READ, 'id-token': 'write' },
  'release.yml publish': { contents: 'write', 'id-token': 'write', attestations: 'write' },
  'release.yml npm': { ...READ, 'id-token': 'write' },
  'release.yml image': { ...READ, packages: 'write', 'id-token': 'write', attestations: 'write' },
};
const TRIGGERS = [
  'pull_request',
  'push',
  'merge_group',
  'schedule',
  'workflow_dispatch',
  'branch_protection_rule',
];
/** The jobs that get the files of another job, and the directory where these land. release-workflow.test.ts holds their digests. */
const GET_THE_COMMAND = ['publish', 'npm', 'image'].map((job) => `release.yml ${job}`);
const COMMAND = { name: 'command', path: 'command' };
/** Its tests with Node 20 need the `node` package, whose install script fetches Node 24. */
const NEEDS_INSTALL_SCRIPTS = 'ci.yml test';
/** Of a job on a machine of GitHub. Others may need a container, a service, a called workflow: add a rule for it, too. */
const JOB_KEYS = [
  ...['name', 'needs', 'if', 'runs-on', 'timeout-minutes', 'environment', 'permissions'],
  ...['env', 'outputs', 'strategy', 'continue-on-error', 'steps'],
];
const PINNED = /^\s*(?:- )?uses: (?:\.\/\S*|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;

/** npm scripts named in a step, or in a matrix whose values go to `npm run`. */
function scriptsOf({ jobs }: Workflow): string[] {
  return Object.values(jobs).flatMap(({ steps, strategy }) => {
    const text = steps.map(({ run }) => run ?? '').join('\n');
    const named = [...text.matchAll(/npm run (?:--silent |-s )?(\w[\w:-]*)/g)].map(([, name = '']) => name);
    const listed = strategy?.matrix?.['script'];
    return [...named, ...(Array.isArray(listed) ? listed.map(String) : [])];
  });
}

function stepFaults({ uses = '', run = '', with: inputs = {} }: Step): string[] {
  const faults: string[] = [];
  if (`${run}${inputs['script'] ?? ''}`.includes('${{')) faults.push('an expression in a script');
  if (/\bnpm (i|install)\b/.test(run)) faults.push('an install that ignores the lock file');
  if (/GITHUB_(ENV|PATH)\b/.test(run)) faults.push('a change of the environment of later steps');
  if (/\b(curl|wget)\b/.test(run)) faults.push('a download without a digest');
  if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
    faults.push('a token stored in the checkout');
  if (uses.startsWith('actions/setup-node@') && inputs['package-manager-cache'] !== false)
    faults.push('an automatic cache');
  if (uses.startsWith('./')) {
    const required = Object.keys(rules).filter((name) => rules[name]?.required);
    const wrong = [
      ...Object.keys(inputs).filter((name) => !(name in rules)),
      ...required.filter((name) => !(name in inputs)),
    ];
    if (wrong.length > 0) faults.push(`inputs ${wrong}`);
  }
  return faults;
}

const scriptsIn = ({ steps }: Job) => steps.map(({ run = '' }) => run).join('\n');
const hasCredential = (env: unknown) => /secrets\.|github\.token/.test(JSON.stringify(env ?? {}));

function jobFaults(where: string, job: Job): string[] {
  const faults = job.steps.flatMap(stepFaults);
  const passed = job.steps.filter(({ uses }) => uses?.startsWith('actions/download-artifact@'));
  const isCommand = ({ with: inputs }: Step) =>
    GET_THE_COMMAND.includes(where) && JSON.stringify(inputs) === JSON.stringify(COMMAND);
  if (!passed.every(isCommand)) faults.push('a file of another job');
  const others = Object.keys(job).filter((key) => !JOB_KEYS.includes(key));
  if (others.length > 0) faults.push(`${others}, for which there is no rule`);
  const runsOn = String(job['runs-on']);
  const machines = runsOn.includes('matrix.os') ? job.strategy?.matrix?.['os'] : [runsOn];
  if (!Array.isArray(machines) || !machines.every((one) => /^(ubuntu|windows|macos)-latest$/.test(one)))
    faults.push('a machine that is not of GitHub');
  if (hasCredential(job.env)) faults.push('a credential for every step');
  if (where !== NEEDS_INSTALL_SCRIPTS && /\bnpm (ci(?! --ignore-scripts)|cit)\b/.test(scriptsIn(job)))
    faults.push('install scripts of packages');
  const allowed = Object.entries(RIGHTS[where] ?? READ).toSorted();
  if (JSON.stringify(Object.entries(job.permissions ?? {}).toSorted()) !== JSON.stringify(allowed))
    faults.push('other permissions than listed');
  if (!((job['timeout-minutes'] ?? Number.POSITIVE_INFINITY) <= 60)) faults.push('no timeout');
  if (where.startsWith('release.yml') && Object.values(job.permissions ?? {}).includes('write')) {
    if (job.environment !== 'release') faults.push('a write permission without approval');
    // `npm sbom --package-lock-only` reads the lock file, `npm publish` a package: both run no code of a package.
    const foreign = ({ uses = '', run = '' }: Step) =>
      /\b(npm(?! sbom --package-lock-only | publish "\.\/\S+" --ignore-scripts )|npx|node)\b/.test(run) ||
      (uses !== '' && !uses.startsWith('actions/'));
    if (job.steps.some(foreign)) faults.push('other code in a job with a write permission');
  }
  return faults.map((fault) => `${where}: ${fault}`);
}

function faultsOf(name: string, text: string): string[] {
  const faults: string[] = [];
  const { errors, warnings } = parseDocument(text);
  if (errors.length + warnings.length > 0) return [`${name}: ${[...errors, ...warnings].join()}`];
  const workflow = parse(text) as Workflow;
  if (JSON.stringify(workflow.permissions) !== '{}') faults.push('permissions for every job');
  if (!workflow.name || workflow.concurrency === undefined) faults.push('no name or no concurrency');
  faults.push(
    ...Object.keys(workflow.on)
      .filter((event) => !TRIGGERS.includes(event))
      .map((event) => `trigger ${event}`),
  );
  const pinned = text.split('\n').filter((line) => PINNED.test(line)).length;
  const used = Object.values(workflow.jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses));
  if (pinned !== used.length) faults.push(`${used.length - pinned} actions not pinned`);
  faults.push(
    ...scriptsOf(workflow)
      .filter((script) => !(script in scripts))
      .map((script) => `no script ${script}`),
  );
  if (/actions\/cache|^\s*cache:|restore-keys/m.test(text)) faults.push('a cache');
  if (hasCredential(workflow.env)) faults.push('a credential for every step');
  return [
    ...faults.map((fault) => `${name}: ${fault.trim()}`),
    ...Object.entries(workflow.jobs).flatMap(([job, value]) => jobFaults(`${name} ${job}`, value)),
  ];
}

describe('the workflows', () => {
  it.each(names)('%s follows the rules', (name) => {
    expect(faultsOf(name, read(`${FOLDER}/${name}`))).toEqual([]);
  });

  it('use one commit of each action', () => {
    const pins = names.flatMap((name) =>
      [...read(`${FOLDER}/${name}`).matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(.*)$/gm)].map(
        ([, action = '', pin = '']) => `${action} ${pin}`,
      ),
    );
    const actions = [...new Set(pins)].map((pin) => pin.split(' ')[0]);
    expect(actions).toEqual([...new Set(actions)]);
  });

  it('run on each pull request everything that .ci/run runs', () => {
    const steps = [...read('.ci/run').matchAll(/npm run --silent ([\w:-]+)/g)].map(([, name = '']) => name);
    const { jobs } = parse(read(`${FOLDER}/ci.yml`)) as Workflow;
    expect(jobs['suite']?.strategy?.matrix?.['script']).toEqual(expect.arrayContaining([...new Set(steps)]));
    expect(jobs['test']?.steps.map(({ run }) => run)).toContain('npm cit');
  });

  it('allow the licences that the lock file has', () => {
    const { jobs } = parse(read(`${FOLDER}/dependency-review.yml`)) as Workflow;
    const listed = jobs['review']?.steps.map(({ with: inputs }) => inputs?.['allow-licenses']).find(Boolean);
    const allowed = String(listed).split(', ');
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { license?: string }> };
    const licences = new Set(Object.values(lock.packages).map(({ license = 'MIT' }) => license));
    const alternatives = (licence: string) => licence.replaceAll(/[()]/g, '').split(' OR ');
    const isAllowed = (licence: string) =>
      alternatives(licence).some((one) => one.split(' AND ').every((part) => allowed.includes(part)));
    expect([...licences].filter((licence) => !isAllowed(licence))).toEqual([]);
  });
});

describe('the rules', () => {
  const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # v[\d.]+/;
  it.each([
    ['a tag instead of a commit', 'ci.yml', CHECKOUT, 'actions/checkout@v7'],
    ['a pin without its version', 'ci.yml', / # v7\.0\.1/, ''],
    ['a flow mapping', 'ci.yml', /- uses: (actions\/checkout).*/, '- { "uses": $1@v7 }'],
    ['a stored token', 'ci.yml', 'persist-credentials: false', 'fetch-depth: 1'],
    ['a cache', 'ci.yml', 'node-version: 24', 'cache: npm'],
    [
      'a file of another job',
      'release.yml',
      /actions\/checkout@\S+ # \S+/,
      `actions/download-artifact@${'a'.repeat(40)} # v8.0.1`,
    ],
    ['a file of another job in the checkout', 'release.yml', 'path: command', 'path: .'],
    [
      'a credential for every step',
      'release.yml',
      'GH_REPO:',
      `GH_TOKEN: \${{ github.token }}\n      GH_REPO:`,
    ],
    [
      'a credential for every job',
      'ci.yml',
      'permissions: {}',
      `permissions: {}\nenv:\n  T: \${{ secrets.T }}`,
    ],
    ['install scripts of packages', 'release.yml', 'npm ci --ignore-scripts', 'npm ci'],
    ['a change of the environment of later steps', 'ci.yml', 'npm audit signatures', 'env >>"$GITHUB_ENV"'],
    ['a download without a digest', 'ci.yml', 'npm audit signatures', 'curl -s https://x.example | sh'],
    ['a machine that is not of GitHub', 'ci.yml', 'runs-on: ubuntu-latest', 'runs-on: self-hosted'],
    ['a container', 'ci.yml', 'timeout-minutes: 60', 'timeout-minutes: 60\n    container: node:24'],
    ['permissions at the top', 'ci.yml', 'permissions: {}', 'permissions: read-all'],
    ['one permission more', 'ci.yml', 'contents: read', 'contents: write'],
    ['no timeout', 'ci.yml', 'timeout-minutes: 40', 'continue-on-error: false'],
    ['pull_request_target', 'ci.yml', 'pull_request:', 'pull_request_target:'],
    ['an expression in a script', 'ci.yml', '"$SCRIPT"', `\${{ github.head_ref }}`],
    ['an unknown npm script', 'ci.yml', 'stress,', 'tortoise,'],
    ['an install that ignores the lock file', 'check-dist.yml', 'npm ci', 'npm install'],
    ['a package beside a write permission', 'release.yml', 'sbom --package-lock-only', 'run sbom'],
    ['the scripts of a published package', 'release.yml', ' --ignore-scripts --provenance', ' --provenance'],
    ['a tool that a package brings', 'release.yml', 'gh release edit', 'npx gh release edit'],
    [
      'a write permission without approval',
      'release.yml',
      'environment: release',
      'continue-on-error: false',
    ],
    ['an unknown input', 'probe.yml', 'verify: true', 'verfy: true'],
  ])('find %s', (_, name, what, instead) => {
    const text = read(`${FOLDER}/${name}`);
    const broken = text.replace(what, instead);
    expect(broken).not.toBe(text);
    expect(faultsOf(name, broken)).not.toEqual([]);
  });
});
