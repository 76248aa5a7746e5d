// The machine of a job in a CI system other than GitHub: environment, files, programs on the PATH and checkout directory.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CIRCLECI, CIRCLECI_TOKEN_PATH } from '../issuers/circleci.ts';
import {
  type Issuer,
  type IssuerOptions,
  startIssuer,
  type TokenFault,
  trustFor,
} from '../issuers/issuer.ts';
import { type CiSystem, SYSTEMS } from '../issuers/systems.ts';
import { type JobProcess, killProcessesWith, processesWith } from '../runner/processes.ts';
import { readCalls, writeProgram, writeScript } from '../runner/programs.ts';
import type { Emulator } from '../server/start.ts';
import { writeProjectedToken } from './projected-volume.ts';
import { VARIABLES } from './variables.ts';

export type { CiSystem } from '../issuers/systems.ts';
export { CI_SYSTEMS } from '../issuers/systems.ts';

/** What the program on the PATH does that requests tokens. `fails` prints an error and exits with 1; `missing` is not there. */
export type AgentState = 'works' | 'fails' | 'hangs' | 'missing';

export interface MachineOptions extends IssuerOptions {
  /** `absent`: the workflow lacks the system's setting for ID tokens. The others change each token, until `issuer.fault` changes. */
  token?: TokenFault | 'absent';
  /** Of a token that the system sets; that of the world's settings by default. Several make an array. */
  audience?: string | readonly string[];
  /** Of a machine with an agent. */
  agent?: AgentState;
  /** Whether the domain gets a trust for the issuer that fits this job; true by default. It replaces no other trust. */
  trusted?: boolean;
  /** Changes the environment; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
}

export interface Machine {
  readonly system: CiSystem;
  readonly issuer: Issuer;
  readonly home: string;
  readonly temp: string;
  /** The checkout, where commands start. */
  readonly workspace: string;
  /** Where Kubernetes and Jenkins write the token. */
  readonly tokenFile: string;
  /** The arguments of `oci-wif` that choose the source, where the environment does not show it. */
  readonly sourceArguments: readonly string[];
  /** The complete environment of a process of the job, with the settings of the login in `OCI_…`. */
  env(): Record<string, string>;
  setAgent(state: AgentState): void;
  /** Kubernetes: replaces the token in the volume, as the kubelet does before it expires. */
  rotateToken(): Promise<void>;
  /** The arguments of each call of the agent until now, for example `['buildkite-agent', 'oidc', 'request-token', …]`. */
  calls(): string[][];
  /** Processes of the job that still run. */
  processes(): JobProcess[];
  /** Kills these processes and removes all directories. */
  end(): void;
}

const AGENTS: Partial<Record<CiSystem, string>> = { buildkite: 'buildkite-agent', circleci: 'circleci' };
const MARK = 'EMULATED_JOB';

/** @param emulator closes the issuer that this starts */
export async function startMachine(
  emulator: Emulator,
  system: CiSystem,
  options: MachineOptions = {},
): Promise<Machine> {
  const { token: fault, agent = 'works', trusted = true } = options;
  const hasTokens = fault !== 'absent';
  const issuer = await startIssuer(emulator, system, options);
  if (hasTokens) issuer.fault = fault;
  const { settings } = emulator.world;
  if (trusted) settings.trusts = [...settings.trusts, trustFor(issuer)];
  const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), `${system}-`)));
  const audience = options.audience ?? SYSTEMS[system].fixedAudience ?? settings.audience;
  // The preset tokens of CircleCI are for the organization; others are for the audience of the workflow.
  const token = await issuer.issue(system === 'circleci' ? CIRCLECI.organizationId : audience);
  const tokenFile = tokenFileIn(root, system);
  if (hasTokens) writeTokenFile(system, tokenFile, token);
  const home = directory(root, 'home');
  const workspace = system === 'circleci' ? directory(home, 'project') : directory(root, 'workspace');
  const directories = { home, temp: directory(root, 'temp'), workspace };
  const [first = ''] = [audience].flat();
  const job = { ...directories, issuer, hasTokens, token, tokenFile, audience: first };
  const programs = { directory: path.join(root, 'bin'), calls: path.join(root, 'calls.jsonl'), hasTokens };
  const setAgent = (state: AgentState) => writeAgent(issuer, state, programs, emulator.caFile);
  setAgent(agent);
  const id: string = randomUUID();
  const env = {
    ...machineEnvironment(emulator, programs.directory, directories),
    [MARK]: id,
    ...VARIABLES[system](job),
    ...options.env,
  };
  return {
    system,
    issuer,
    ...directories,
    tokenFile,
    sourceArguments: tokenFile === '' ? [] : ['--id-token-file', tokenFile],
    env: () =>
      Object.fromEntries(
        Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
    setAgent,
    rotateToken: async () => writeTokenFile(system, tokenFile, await issuer.issue(audience)),
    calls: () => readCalls(programs.calls),
    processes: () => processesWith(MARK, id),
    end() {
      killProcessesWith(MARK, id);
      rmSync(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

function directory(root: string, name: string): string {
  const made = path.join(root, name);
  mkdirSync(made, { mode: 0o700 });
  return made;
}

/** Also what an administrator stores as variables of the project. */
function machineEnvironment(
  { caFile, inputs }: Emulator,
  programs: string,
  { home, temp }: Pick<Machine, 'home' | 'temp'>,
): Record<string, string> {
  return {
    PATH: [programs, process.env['PATH'] ?? ''].join(path.delimiter),
    HOME: home,
    TMPDIR: temp,
    LANG: 'C.UTF-8',
    NODE_EXTRA_CA_CERTS: caFile,
    OCI_DOMAIN_URL: inputs['domain-url'],
    OCI_CLIENT_ID: inputs['client-id'],
    OCI_CLIENT_SECRET: inputs['client-secret'],
    OCI_REGION: inputs.region,
    OCI_TENANCY: inputs.tenancy,
  };
}

/** '' for a system that writes no file. */
function tokenFileIn(root: string, system: CiSystem): string {
  switch (system) {
    case 'kubernetes':
      return path.join(root, 'var/run/secrets/oci/token');
    case 'jenkins':
      // Beside the workspace, as the plug-in Credentials Binding does it.
      return path.join(root, 'workspace@tmp/secretFiles', randomUUID(), 'id-token');
    default:
      return '';
  }
}

function writeTokenFile(system: CiSystem, file: string, token: string): void {
  if (system === 'kubernetes') writeProjectedToken(file, token);
  if (system !== 'jenkins') return;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, token, { mode: 0o400 });
}

interface Programs {
  directory: string;
  /** Where an agent writes its arguments. */
  calls: string;
  hasTokens: boolean;
}

function writeAgent(issuer: Issuer, state: AgentState, programs: Programs, caFile: string): void {
  const name = AGENTS[issuer.system];
  if (name === undefined) return;
  const { directory, calls, hasTokens } = programs;
  rmSync(path.join(directory, name), { force: true });
  switch (state) {
    case 'works':
      // The agent has certificates of its own: it does not depend on what a job sets.
      writeProgram(directory, name, `emulator/machines/${name}.ts`, {
        CALLS_FILE: calls,
        NODE_EXTRA_CA_CERTS: caFile,
        ...(name === 'circleci' && {
          TOKEN_URL: `${issuer.origin}${CIRCLECI_TOKEN_PATH}`,
          TOKEN_BEARER: hasTokens ? issuer.bearer : 'none',
        }),
      });
      return;
    case 'fails': {
      const error = 'fatal: dial tcp 127.0.0.1:443: connect: connection refused';
      writeScript(directory, name, [`echo '${error}' >&2`, 'exit 1']);
      return;
    }
    case 'hangs':
      writeScript(directory, name, ['exec sleep 600']);
      return;
    case 'missing':
      return;
  }
}
