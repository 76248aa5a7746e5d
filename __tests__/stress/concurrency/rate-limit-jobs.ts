// Many jobs that log in to one domain in virtual time, with the login and retry policy of `src/` and the handlers of the
// emulator, without sockets or files.
import { handleDomain } from '../../../emulator/domain/handler.ts';
import { handleGithub, TOKEN_PATH } from '../../../emulator/github/handler.ts';
import { httpDate, mapServices } from '../../../emulator/server/message.ts';
import type { WorldSettings } from '../../../emulator/server/settings.ts';
import { createWorld, newRequestId, type World } from '../../../emulator/server/world.ts';
import { toActionError } from '../../../src/errors/action-error.ts';
import { githubIdTokens } from '../../../src/github/id-token-source.ts';
import { type Config, readConfig } from '../../../src/inputs/config.ts';
import { openOciSession } from '../../../src/login/oci-session.ts';
import { retry } from '../../../src/node/retry.ts';
import { generateSessionKeyPair, type KeyPair } from '../../../src/oci/key-pair.ts';
import type { Clock, Http, HttpRequest, HttpResponse, Runner } from '../../../src/ports.ts';
import { seededRandom, VirtualClock } from './virtual-clock.ts';

export interface SimulationOptions {
  jobs: number;
  /** The jobs start evenly within this time. Default: all at once. */
  withinMs?: number;
  world: Partial<WorldSettings>;
  /** Optional inputs. */
  inputs?: Readonly<Record<string, string>>;
  seed: number;
}

export interface JobReport {
  /** `logged in`, or the error code. */
  outcome: string;
  startedAt: number;
  endedAt: number;
  /** Times at which GitHub issued a token. */
  tokensAt: number[];
  /** Statuses of the responses of the domain. */
  statuses: number[];
  warnings: string[];
}

/** Minimum and variable part of a round trip. */
const LATENCY_MS = [50, 150] as const;

const URLS = mapServices((service) => `https://${service}.example`);

// One key for all jobs, because generating one takes longer than the rest of a job.
const keyPair = generateSessionKeyPair();

export async function simulate({
  jobs,
  withinMs = 0,
  world: settings,
  inputs,
  seed,
}: SimulationOptions): Promise<JobReport[]> {
  const clock = new VirtualClock(Date.UTC(2030, 0, 1));
  const world = await createWorld(URLS, () => clock.now(), settings);
  const config = configFor(world, inputs);
  const random = seededRandom(seed);
  const shared = { clock, world, config, random, keyPair: Promise.resolve(await keyPair) };
  const reports: JobReport[] = [];
  const works = Array.from({ length: jobs }, (_, at) => ({
    delay: (withinMs * at) / jobs,
    work: async () => {
      reports.push(await runJob(shared));
    },
  }));
  await clock.run(works);
  return reports;
}

function configFor({ settings, urls }: World, inputs: Readonly<Record<string, string>> = {}): Config {
  const all: Readonly<Record<string, string>> = {
    'domain-url': urls.domain,
    'client-id': settings.clientId,
    'client-secret': settings.clientSecret,
    region: settings.region,
    tenancy: settings.tenancy,
    ...inputs,
  };
  return readConfig((name) => all[name] ?? '', { home: '/home/runner', workspace: undefined });
}

interface Shared {
  clock: Clock;
  world: World;
  config: Config;
  random: () => number;
  keyPair: Promise<KeyPair>;
}

async function runJob(shared: Shared): Promise<JobReport> {
  const { clock, world, config, keyPair } = shared;
  const startedAt = clock.now();
  const report: JobReport = {
    outcome: 'logged in',
    startedAt,
    endedAt: 0,
    tokensAt: [],
    statuses: [],
    warnings: [],
  };
  const runner = runnerFor(world, report);
  const findIdTokens = () => githubIdTokens(runner);
  const requestSigner = () => Promise.reject(new Error('the jobs have a client secret'));
  const deps = { runner, http: httpFor(shared, report), clock, keyPair, findIdTokens, requestSigner };
  try {
    if (config.oci === undefined) throw new Error('the jobs log in to OCI');
    await openOciSession(deps, { ...config, oci: config.oci });
  } catch (error) {
    const { code, message } = toActionError(error);
    report.outcome = code === 'UNEXPECTED' ? message : code;
  }
  report.endedAt = clock.now();
  return report;
}

function runnerFor(world: World, report: JobReport): Runner {
  const variables: Readonly<Record<string, string>> = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${world.urls.github}${TOKEN_PATH}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: world.requestToken,
  };
  return {
    env: (name) => variables[name],
    warning: (text) => report.warnings.push(text),
    mask() {},
    output() {},
    exportVariable() {},
    addPath() {},
    saveState() {},
    info() {},
    group() {},
    summary() {},
    debug() {},
    error() {},
    isDebug: () => false,
  };
}

function httpFor({ clock, world, config, random }: Shared, report: JobReport): Http {
  const { retryMaxAttempts: maxAttempts, timeoutMs } = config;
  const policy = { maxAttempts, deadline: clock.now() + timeoutMs };
  return {
    async send(request) {
      await clock.sleep(LATENCY_MS[0] + random() * LATENCY_MS[1]);
      return respond(request, world, report);
    },
    retry: (call, attempt) => retry({ policy, clock, log() {}, random }, call, attempt),
  };
}

/** Calls the handler of the emulator. */
async function respond(request: HttpRequest, world: World, report: JobReport): Promise<HttpResponse> {
  const { url, method, headers, body = '' } = request;
  const service = url.origin === world.urls.github ? 'github' : 'domain';
  const handle = service === 'github' ? handleGithub : handleDomain;
  const received = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]);
  const response = await handle(
    {
      method,
      target: `${url.pathname}${url.search}`,
      headers: Object.fromEntries(received),
      body: Buffer.from(body),
      requestId: newRequestId(service),
    },
    world,
  );
  if (service === 'github') report.tokensAt.push(world.now());
  else report.statuses.push(response.status);
  const sent = Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: response.status,
    headers: { date: httpDate(world.now()), ...Object.fromEntries(sent) },
    text: response.body.toString('utf8'),
  };
}
