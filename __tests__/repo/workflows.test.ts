// What the repository's own workflows must not do, read off their text: no code that can change under a release, no right
// that a job does not need, no text of strangers in a shell. Each rule is also shown a breach.
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
  'timeout-minutes'?: number;
  strategy?: { matrix?: Record<string, unknown> };
}

interface Workflow {
  name?: string;
  on: Record<string, unknown>;
  permissions?: unknown;
  concurrency?: unknown;
  jobs: Record<string, Job>;
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const FOLDER = '.github/workflows';
const names = readdirSync(path.join(root, FOLDER)).toSorted();
const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const READ = { contents: 'read' };
/** What a job may do; any other may read the checkout and nothing else. */
const RIGHTS: Readonly<Record<string, Record<string, string>>> = {
  'codeql.yml analyze': { ...READ, 'security-events': 'write' },
  'scorecard.yml analysis': { ...READ, 'security-events': 'write', 'id-token': 'write' },
  'probe.yml login': { ...READ, 'id-token': 'write' },
  'release.yml publish': { contents: 'write', 'id-token': 'write', attestations: 'write' },
};
const TRIGGERS = [
  'pull_request',
  'push',
  'merge_group',
  'schedule',
  'workflow_dispatch',
  'branch_protection_rule',
];
const PINNED = /^\s*(?:- )?uses: (?:\.\/\S*|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/;

/** Named in a step, or in a matrix whose values go to `npm run`. */
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
  if (run.includes('${{')) faults.push('an expression in a shell');
  if (/\bnpm (i|install)\b/.test(run)) faults.push('an install past the lock file');
  if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false)
    faults.push('a token left in the checkout');
  if (uses.startsWith('actions/setup-node@') && inputs['package-manager-cache'] !== false)
    faults.push('a cache that comes by itself');
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

function jobFaults(where: string, job: Job): string[] {
  const faults = job.steps.flatMap(stepFaults);
  const allowed = Object.entries(RIGHTS[where] ?? READ).toSorted();
  if (JSON.stringify(Object.entries(job.permissions ?? {}).toSorted()) !== JSON.stringify(allowed))
    faults.push('other rights than listed');
  if (!((job['timeout-minutes'] ?? Number.POSITIVE_INFINITY) <= 60)) faults.push('no end');
  if (job.permissions?.['contents'] === 'write') {
    if (job.environment !== 'release') faults.push('a right to write without approval');
    const foreign = ({ uses = '', run = '' }: Step) =>
      /\b(npm|npx|node)\b/.test(run) || (uses !== '' && !uses.startsWith('actions/'));
    if (job.steps.some(foreign)) faults.push('code beside a right to write');
  }
  return faults.map((fault) => `${where}: ${fault}`);
}

function faultsOf(name: string, text: string): string[] {
  const faults: string[] = [];
  const { errors, warnings } = parseDocument(text);
  if (errors.length + warnings.length > 0) return [`${name}: ${[...errors, ...warnings].join()}`];
  const workflow = parse(text) as Workflow;
  if (JSON.stringify(workflow.permissions) !== '{}') faults.push('rights for every job');
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
  if (name === 'release.yml' && /actions\/cache|^\s*cache:|restore-keys/m.test(text)) faults.push('a cache');
  return [
    ...faults.map((fault) => `${name}: ${fault.trim()}`),
    ...Object.entries(workflow.jobs).flatMap(([job, value]) => jobFaults(`${name} ${job}`, value)),
  ];
}

describe('the workflows', () => {
  it.each(names)('%s keeps the rules', (name) => {
    expect(faultsOf(name, read(`${FOLDER}/${name}`))).toEqual([]);
  });

  it('are those that are documented, and each right that is listed is asked for', () => {
    const expected = ['check-dist', 'ci', 'codeql', 'dependency-review', 'probe', 'release', 'scorecard'];
    expect(names).toEqual(expected.map((name) => `${name}.yml`));
    const asked = names.flatMap((name) =>
      Object.keys((parse(read(`${FOLDER}/${name}`)) as Workflow).jobs).map((job) => `${name} ${job}`),
    );
    expect(Object.keys(RIGHTS).filter((where) => !asked.includes(where))).toEqual([]);
  });

  it('use one commit of each action', () => {
    const pins = names.flatMap((name) =>
      [...read(`${FOLDER}/${name}`).matchAll(/uses: ([\w-]+\/[\w-]+)\S*@(.*)$/gm)].map(
        ([, action = '', pin = '']) => `${action} ${pin}`,
      ),
    );
    const actions = [...new Set(pins)].map((pin) => pin.split(' ')[0]);
    expect(actions).toEqual([...new Set(actions)]);
    expect(actions.length).toBeGreaterThan(5);
  });

  it('run on each pull request all that .ci/run runs', () => {
    const steps = [...read('.ci/run').matchAll(/npm run --silent ([\w:-]+)/g)].map(([, name = '']) => name);
    const { jobs } = parse(read(`${FOLDER}/ci.yml`)) as Workflow;
    expect(jobs['suite']?.strategy?.matrix?.['script']).toEqual(expect.arrayContaining([...new Set(steps)]));
    expect(steps.length).toBeGreaterThan(2);
    expect(read('.ci/run')).toContain('step npm cit');
    expect(jobs['test']?.steps.map(({ run }) => run)).toContain('npm cit');
    expect(jobs['test']?.strategy?.matrix?.['os']).toEqual([
      'ubuntu-latest',
      'windows-latest',
      'macos-latest',
    ]);
  });

  it('ask a real tenancy only where there is one', () => {
    const { jobs } = parse(read(`${FOLDER}/probe.yml`)) as { jobs: Record<string, { if?: string }> };
    expect(Object.values(jobs).map((job) => job.if)).toEqual(["vars.PROBE_DOMAIN_URL != ''"]);
  });

  it('let in the licences that the lock file has', () => {
    const { jobs } = parse(read(`${FOLDER}/dependency-review.yml`)) as Workflow;
    const listed = jobs['review']?.steps.map(({ with: inputs }) => inputs?.['allow-licenses']).find(Boolean);
    const allowed = String(listed).split(', ');
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { license?: string }> };
    const licences = new Set(
      Object.values(lock.packages).flatMap(({ license }) => (license === undefined ? [] : [license])),
    );
    const fits = (licence: string) =>
      licence
        .replaceAll(/[()]/g, '')
        .split(' OR ')
        .some((one) => one.split(' AND ').every((part) => allowed.includes(part)));
    expect([...licences].filter((licence) => !fits(licence))).toEqual([]);
    expect(['GPL-3.0-only', 'MIT AND GPL-2.0'].filter(fits)).toEqual([]);
  });

  it('are kept up to date, packages and actions alike', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string }[];
    };
    const kinds = updates.map((update) => update['package-ecosystem']);
    expect(kinds.toSorted()).toEqual(['github-actions', 'npm']);
  });
});

describe('the rules', () => {
  const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # v[\d.]+/;
  it.each([
    ['a tag instead of a commit', 'ci.yml', CHECKOUT, 'actions/checkout@v7'],
    ['a commit of which nobody knows the version', 'ci.yml', / # v7\.0\.1/, ''],
    ['another way to write it', 'ci.yml', /- uses: (actions\/checkout).*/, '- { "uses": $1@v7 }'],
    ['a branch behind a comment', 'ci.yml', CHECKOUT, 'actions/checkout@main # v7.0.1'],
    ['the token in the checkout', 'ci.yml', 'persist-credentials: false', 'fetch-depth: 1'],
    ['a cache by itself', 'release.yml', 'package-manager-cache: false', 'check-latest: true'],
    ['a cache', 'release.yml', 'node-version: 24', 'cache: npm'],
    ['rights at the top', 'ci.yml', 'permissions: {}', 'permissions: read-all'],
    ['a right more', 'ci.yml', 'contents: read', 'contents: write'],
    ['a job without rights of its own', 'check-dist.yml', /permissions:\n {6}contents: read/, 'name: x'],
    ['a job without an end', 'ci.yml', 'timeout-minutes: 40', 'continue-on-error: false'],
    ['a job of six hours', 'ci.yml', 'timeout-minutes: 40', 'timeout-minutes: 360'],
    ['pull_request_target', 'ci.yml', 'pull_request:', 'pull_request_target:'],
    ['an expression in a shell', 'ci.yml', '"$SCRIPT"', `\${{ github.head_ref }}`],
    ['a script that is not there', 'release.yml', 'release:check', 'release:chek'],
    ['a suite that is not there', 'ci.yml', 'stress,', 'tortoise,'],
    ['an install past the lock', 'check-dist.yml', 'npm ci', 'npm install'],
    ['code beside a right to write', 'release.yml', 'gh release edit', 'npx gh release edit'],
    ['another vendor there', 'release.yml', /actions\/attest@/g, 'acme/attest@'],
    ['no approval', 'release.yml', 'environment: release', 'continue-on-error: false'],
    ['an input that is not there', 'probe.yml', 'verify: true', 'verfy: true'],
    ['a required input forgotten', 'probe.yml', /domain-url: .*\n/, 'audience: x\n'],
    ['a name twice', 'ci.yml', 'permissions: {}', 'permissions: {}\npermissions: {}'],
  ])('see %s', (_, name, what, instead) => {
    const text = read(`${FOLDER}/${name}`);
    const broken = text.replace(what, instead);
    expect(broken).not.toBe(text);
    expect(faultsOf(name, broken)).not.toEqual([]);
  });
});
