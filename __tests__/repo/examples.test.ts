// Holds examples/ to the action: inputs that it would accept, outputs that it has, later steps that find what they look
// for, no more permissions than needed, nothing from others that is not pinned.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { variablesForAwsRegion, variablesForWebIdentity } from '../../src/aws/variables.ts';
import { INPUTS, type InputRule } from '../../src/inputs/schema.ts';
import {
  blocksIn,
  configOf,
  isDoctor,
  isLogin,
  type Step,
  usesIn,
  variablesOfDoors,
} from './workflow-text.ts';

interface Job {
  environment?: string;
  permissions: Record<string, string>;
  env?: Record<string, unknown>;
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
const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;

/** What a runner gives to every step. */
const OF_THE_RUNNER = /^(HOME|RUNNER_TEMP|GITHUB_SHA)$/;

/** By which variable each client finds the session that its door has opened; kubectl asks the OCI CLI. */
const CLIENTS: readonly [command: RegExp, variable: string][] = [
  [/(^|[\s|(])(oci [a-z]|kubectl )/m, 'OCI_CLI_AUTH'],
  [/\bterraform [a-z]/, 'OCI_AUTH'],
  [/\bansible-playbook\b/, 'OCI_ANSIBLE_AUTH_TYPE'],
  [/(^|\s)aws [a-z]/m, 'AWS_REGION'],
];

/** What a login gives to later steps, by name. */
function exportedBy(step: Step): string[] {
  const { oci, aws } = configOf(step);
  const doors = variablesOfDoors();
  const role = { region: 'r', roleArn: 'a', roleSessionName: 's', tokenFile: '/t' };
  const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  const ofSession = [...keys, ...Object.keys(variablesForAwsRegion('r'))];
  const ofRole =
    aws?.credentialSource === 'web-identity' ? Object.keys(variablesForWebIdentity(role)) : ofSession;
  return [
    ...(oci?.exportFor ?? []).flatMap((door) => doors[door]),
    ...(aws?.exportEnvironment ? ofRole : []),
  ];
}

/** The variables that a script reads and neither sets itself nor is given. */
function missingIn({ run = '', env = {} }: Step, given: ReadonlySet<string>): string[] {
  const named = [...run.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
  const set = [...run.matchAll(/^\s*(\w+)=/gm)].map(([, name = '']) => name);
  const known = new Set([...given, ...set, ...Object.keys(env)]);
  const clients = CLIENTS.filter(([command]) => command.test(run)).map(([, variable]) => variable);
  return [...named, ...clients].filter((name) => !known.has(name) && !OF_THE_RUNNER.test(name));
}

function missingInJob({ steps, env = {} }: Job): string[] {
  const given = new Set(Object.keys(env));
  return steps.flatMap((step) => {
    const missing = missingIn(step, given);
    for (const name of isLogin(step) ? exportedBy(step) : []) given.add(name);
    return missing;
  });
}

/** `steps.<id>.outputs.<name>` of logins and doctors that no `action.yml` declares. */
function unknownOutputs({ steps }: Job): string[] {
  const known = steps.flatMap((step) => {
    const declared = isLogin(step) ? 'action.yml' : isDoctor(step) ? 'doctor/action.yml' : undefined;
    return declared ? outputsOf(declared).map((name) => `steps.${step.id}.outputs.${name}`) : [];
  });
  const used = [...JSON.stringify(steps).matchAll(/steps\.[\w-]+\.outputs\.[\w-]+/g)];
  return used.map(([name]) => name).filter((name) => !known.includes(name));
}

/** What a job's steps need of its token, and nothing else. */
function needsOf({ steps }: Job): Record<string, string> {
  const asks = steps.some((step) => isDoctor(step) || (isLogin(step) && configOf(step).oci !== undefined));
  const reads = steps.some(({ uses }) => uses?.startsWith('actions/checkout@'));
  return { ...(asks && { 'id-token': 'write' }), ...(reads && { contents: 'read' }) };
}

describe.each(files)('examples/%s', (file) => {
  it('says in a comment what it is for, and is reached from the README', () => {
    expect(read(`examples/${file}`)).toMatch(/^# [A-Z].*\n(# .*\n)*name: /);
    expect(read('README.md')).toContain(`(examples/${file})`);
  });

  it('gives only inputs that the action accepts, and secrets only as secrets', () => {
    const uses = stepsOf(file).filter((step) => isLogin(step) || isDoctor(step));
    expect(uses.length).toBeGreaterThan(0);
    for (const step of uses) {
      const inputs = step.with ?? {};
      expect(Object.keys(inputs).filter((name) => !(name in rules))).toEqual([]);
      expect(() => configOf(step)).not.toThrow();
      const secrets = Object.entries(inputs).filter(([name]) => rules[name]?.secret);
      for (const [, value] of secrets) expect(value).toMatch(/^\$\{\{ secrets\.\w+ \}\}$/);
    }
  });

  it('uses only outputs that there are, and in later steps only what the login has opened', () => {
    for (const job of jobsOf(file)) {
      expect(unknownOutputs(job)).toEqual([]);
      expect(missingInJob(job)).toEqual([]);
    }
  });

  it('has the least permissions, logs in within an environment, and leaves no token in the checkout', () => {
    expect(workflowOf(file).permissions).toEqual({});
    for (const job of jobsOf(file)) {
      expect(job.permissions).toEqual(needsOf(job));
      if (job.steps.some((step) => isLogin(step) || isDoctor(step))) expect(job.environment).toBe('prod');
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
    }
  });

  it('names settings of the repository that a page or its own comment explains', () => {
    const text = read(`examples/${file}`);
    const explained = [read('docs/setup.md'), read('docs/aws.md'), ...(text.match(/^#.*$/gm) ?? [])].join(
      '\n',
    );
    const named = [...text.matchAll(/\b(?:vars|secrets)\.(\w+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(explained))).toEqual([]);
  });
});

describe('actions of others', () => {
  const places = [...files.map((file) => `examples/${file}`), ...PAGES];
  const lines = places.flatMap((place) => read(place).match(/^.*\buses: (?!org\/|\.\/).*$/gm) ?? []);

  it('are pinned by commit, with the version beside it, the same everywhere', () => {
    const pins = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, action = '', pin = ''] =
        /uses: ([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(line) ?? [];
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

  it('are those of examples/, as they stand there', () => {
    expect(whole.length).toBeGreaterThan(1);
    for (const workflow of whole) expect(files.map(workflowOf)).toContainEqual(workflow);
  });
});

describe('the checks', () => {
  const login = (inputs: Record<string, string>): Step => ({
    uses: 'org/oci-wif-action@v1',
    with: {
      'domain-url': 'https://idcs-1.identity.oraclecloud.com',
      'client-id': 'a',
      'client-secret': 'b',
      region: 'eu-frankfurt-1',
      ...inputs,
    },
  });
  const job = (...steps: Step[]): Job => ({ permissions: {}, steps });
  const expression = (name: string) => `$\{{ ${name} }}`;

  it.each([
    ['a client before the login', job({ run: 'oci os ns get' }, login({}))],
    ['a client without its door', job(login({ 'export-for': 'none' }), { run: 'x\noci os ns get' })],
    ['the variable of another door', job(login({}), { run: 'cat "$OCI_RESOURCE_PRINCIPAL_RPST"' })],
    ['terraform without a door', job(login({}), { run: 'terraform plan' })],
    ['AWS without a role', job(login({}), { run: 'aws s3 ls' })],
  ])('see %s', (_what, wrong) => {
    expect(missingInJob(wrong)).toHaveLength(1);
  });

  it('see an output that there is not, and an expression that nobody explains', () => {
    const step = { ...login({}), id: 'oci' };
    expect(unknownOutputs(job(step, { run: expression('steps.oci.outputs.regoin') }))).toHaveLength(1);
    expect(() => configOf(login({ region: expression('vars.SOMETHING') }))).toThrow('vars.SOMETHING');
    expect(usesIn({ jobs: { a: job(step) } })).toHaveLength(1);
  });
});
