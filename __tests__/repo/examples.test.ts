// The workflows of examples/ are valid for the action and need no more rights than they have. `npm run interop` runs them.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseOptions } from '../../cli/arguments.ts';
import { command as audit } from '../../cli/audit/command.ts';
import { blocksIn, configOf, inputFaults, isDoctor, isLogin, type Step } from './workflow-text.ts';

interface Job {
  environment?: string;
  permissions: Record<string, string>;
  steps: Step[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const files = readdirSync(path.join(root, 'examples')).toSorted();
const workflowOf = (file: string) => parse(read(`examples/${file}`)) as Workflow;
const jobsOf = (file: string) => Object.values(workflowOf(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(({ steps }) => steps);
const PAGES = ['README.md', 'docs/setup.md', 'docs/aws.md'];

const outputsOf = (file: string) =>
  Object.keys((parse(read(file)) as { outputs: Record<string, unknown> }).outputs);

/** Uses of `steps.<id>.outputs.<name>` that no `action.yml` declares. */
function unknownOutputs({ steps }: Job): string[] {
  const known = steps.flatMap((step) => {
    const declared = isLogin(step) ? 'action.yml' : isDoctor(step) ? 'doctor/action.yml' : undefined;
    return declared ? outputsOf(declared).map((name) => `steps.${step.id}.outputs.${name}`) : [];
  });
  const used = [...JSON.stringify(steps).matchAll(/steps\.[\w-]+\.outputs\.[\w-]+/g)];
  return used.map(([name]) => name).filter((name) => !known.includes(name));
}

/** The permissions that the steps of a job need. */
function needsOf({ steps }: Job): Record<string, string> {
  const asks = steps.some((step) => isDoctor(step) || (isLogin(step) && configOf(step).oci !== undefined));
  const reads = steps.some(({ uses }) => uses?.startsWith('actions/checkout@'));
  const uploads = steps.some(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'));
  return {
    ...(asks && { 'id-token': 'write' }),
    ...(reads && { contents: 'read' }),
    // The audit reads environments with the token of the job.
    ...(uploads && { actions: 'read', 'security-events': 'write' }),
  };
}

describe.each(files)('examples/%s', (file) => {
  it('says in a comment what it is for, and the README links to it', () => {
    expect(read(`examples/${file}`)).toMatch(/^# [A-Z].*\n(# .*\n)*name: /);
    expect(read('README.md')).toContain(`(examples/${file})`);
  });

  it('has inputs that the action accepts', () => {
    const uses = stepsOf(file).filter((step) => isLogin(step) || isDoctor(step));
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.flatMap(inputFaults)).toEqual([]);
  });

  it('uses only outputs that exist', () => {
    for (const job of jobsOf(file)) expect(unknownOutputs(job)).toEqual([]);
  });

  it('has the least permissions, logs in within an environment, and stores no token in the checkout', () => {
    expect(workflowOf(file).permissions).toEqual({});
    for (const job of jobsOf(file)) {
      expect(job.permissions).toEqual(needsOf(job));
      if (job.steps.some((step) => isLogin(step) || isDoctor(step)))
        expect(job.environment).toBe(file === 'audit.yml' ? 'audit' : 'prod');
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
    }
  });

  it('uses variables and secrets that a page or its own comment explains', () => {
    const text = read(`examples/${file}`);
    const explained = [read('docs/setup.md'), read('docs/aws.md'), ...(text.match(/^#.*$/gm) ?? [])].join(
      '\n',
    );
    const named = [...text.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(explained))).toEqual([]);
  });
});

describe('the audit in examples/audit.yml', () => {
  const [line = ''] = read('examples/audit.yml').match(/oci-wif audit .*/) ?? [];
  const [words = '', end] = line.split(' > ');

  it('has options that the command accepts, and fails only when there is no report', () => {
    const args = words.split(' ').slice(2);
    expect(parseOptions(audit.options, args, () => undefined)).toMatchObject({ format: 'sarif' });
    expect(end).toBe('audit.sarif || test $? -gt 1');
  });
});

describe('actions of others', () => {
  const pages = [...files.map((file) => `examples/${file}`), ...PAGES];
  const lines = pages.flatMap(
    (page) => read(page).match(/^.*\buses: (?![\w-]+\/oci-wif-action[@/]|\.\/).*$/gm) ?? [],
  );

  it('are pinned by commit, with the version beside it, the same everywhere', () => {
    const pins = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, action = '', pin = ''] =
        /uses: ([\w-]+(?:\/[\w-]+)+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
      expect([line, pin]).not.toContain('');
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
    expect(pins.get('actions/checkout')?.size).toBe(1);
    for (const [, versions] of pins) expect(versions.size).toBe(1);
  });
});

describe('the whole workflows of the README', () => {
  const whole = blocksIn(read('README.md'))
    .map((text) => parse(text) as Partial<Workflow>)
    .filter(({ jobs }) => jobs !== undefined);

  it('are equal to those of examples/', () => {
    expect(whole.length).toBeGreaterThan(0);
    for (const workflow of whole) expect(files.map(workflowOf)).toContainEqual(workflow);
  });
});
