// An ID token from a program, run for each token: the agents of Buildkite and CircleCI, and any command that an option names.
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import { CLOCK_TOLERANCE_MS } from '../../src/oci/request-signature.ts';
import type { StepDeps } from '../../src/ports.ts';
import { quote } from '../../src/response.ts';
import type { Secret } from '../../src/secret.ts';
import { CI_SYSTEMS } from '../ci/systems.ts';
import { inheritedEnvironment, type ProgramResult, runProgram } from '../connect/program.ts';
import { CommandError } from '../failure.ts';
import { type ExecutableResponse, parseExecutableResponse } from './executable-response.ts';
import { adviseOnToken, issuerName } from './subjects.ts';
import { acceptToken, LONGEST_TOKEN, withoutTokens } from './token.ts';

type Agent = 'buildkite' | 'circleci';

export interface CommandSpec {
  kind: 'command';
  /** The CI system whose agent runs; or the words of a command. */
  run: Agent | readonly string[];
  /** Environment and directory of the job. The refresher has others. */
  environment: Readonly<Record<string, Secret>>;
  cwd: string;
}

/** What an agent is asked for. */
const AGENTS: Readonly<Record<Agent, (audience: string) => readonly [file: string, ...args: string[]]>> = {
  buildkite: (audience) => ['buildkite-agent', 'oidc', 'request-token', '--audience', audience],
  circleci: (audience) => ['circleci', 'run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })],
};

const ADVICE: Readonly<Record<Agent, string>> = {
  buildkite:
    'Run `buildkite-agent oidc request-token` in the job until it writes a token. A container needs BUILDKITE_JOB_ID and BUILDKITE_AGENT_ACCESS_TOKEN of the job.',
  circleci:
    'Run `circleci run oidc get` in the job until it writes a token. By default, builds of forked pull requests get none.',
};

const LIMITS = { milliseconds: 30_000, bytes: 2 * LONGEST_TOKEN };

/** @param run the words of a command have been checked: there is at least one */
export function commandSource(run: CommandSpec['run'], cwd: string): IdTokenSource {
  return commandSourceFrom({ kind: 'command', run, environment: inheritedEnvironment(), cwd });
}

export function commandSourceFrom(spec: CommandSpec): IdTokenSource {
  const system = typeof spec.run === 'string' ? spec.run : undefined;
  let issuer = system === undefined ? 'the issuer' : CI_SYSTEMS[system].name;
  return {
    get issuer() {
      return issuer;
    },
    supply: 'on-demand',
    endsAt: undefined,
    url: undefined,
    spec,
    async request(deps, audience) {
      const token = await requestToken(deps, spec, audience);
      issuer = issuerName(token.claims, system);
      return token;
    },
    adviseOn: (claims) => adviseOnToken(claims, system, system !== undefined),
  };
}

async function requestToken(deps: StepDeps, { run, environment, cwd }: CommandSpec, audience: string) {
  const isAgent = typeof run === 'string';
  const [file = '', ...args] = isAgent ? AGENTS[run](audience) : run;
  const place = `The output of ${file}`;
  const remedy = isAgent
    ? ADVICE[run]
    : 'Run the command of `--id-token-command` by itself, and correct it until it prints an ID token.';
  const install = isAgent ? `Add ${CI_SYSTEMS[run].setting}.` : 'Correct `--id-token-command`.';
  const output = outputOf(await runProgram(file, args, install, { environment, cwd, limits: LIMITS }));
  if ('fault' in output) {
    const code = output.isRefusal ? 'ID_TOKEN_REFUSED' : 'ID_TOKEN_UNREADABLE';
    throw new CommandError(code, `${file} ${output.fault}.`, { remedy });
  }
  const token = acceptToken(deps, output.token, { place, remedy });
  const { expiresAt = token.expiresAt } = output;
  if (expiresAt + CLOCK_TOLERANCE_MS >= deps.clock.now()) return token;
  const end = new Date(expiresAt).toISOString();
  throw new CommandError('ID_TOKEN_EXPIRED', `${place} has an \`expiration_time\` of ${end}.`, { remedy });
}

/** The fault never has words of standard output, which may hold a token. */
function outputOf({ exitCode, exceeded, stdout, stderr }: ProgramResult): ExecutableResponse {
  const refused = (fault: string) => ({ fault, isRefusal: true });
  if (exceeded === 'time') return refused(`did not end within ${LIMITS.milliseconds / 1000} s`);
  if (exceeded === 'size') return refused(`wrote more than ${LIMITS.bytes / 1024} KiB`);
  const response = parseExecutableResponse(stdout);
  if (exitCode === 0 || ('fault' in response && response.isRefusal)) return response;
  const words = quote(withoutTokens(stderr), []);
  const how = exitCode === null ? 'was ended by a signal' : `failed with exit code ${exitCode}`;
  return refused(`${how}${words && `: ${words}`}`);
}
