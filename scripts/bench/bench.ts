// Compares a whole run of main with the floor (`floor.js`: the same requests and files, built-ins only). The two run in turn, so
// that a machine whose speed changes is as fast for both. Fails by the size of the download alone: times depend on the machine.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulator } from '../../emulator/server/start.ts';
import { awsFiles, DIST, downloadBytes } from '../download.ts';
import { LIMITS } from '../limits.ts';

const ROUNDS = 31;
const DELAY_MS = 80;
const MAIN = path.join(DIST, 'main.js');
const FLOOR = path.join(import.meta.dirname, 'floor.js');

type Environment = Record<string, string>;

/** Runs a script once, with a home of its own. Returns milliseconds, or the peak memory in kB. */
async function measure(script: string, shared: Environment, what: 'time' | 'memory'): Promise<number> {
  const home = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const file = (name: string) => path.join(home, name);
  const env: Environment = { ...shared, HOME: home, RUNNER_TEMP: home, PEAK_MEMORY_FILE: file('peak') };
  for (const name of ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']) {
    env[name] = file(name);
    writeFileSync(file(name), '');
  }
  const preload = what === 'memory' ? ['--require', path.join(import.meta.dirname, 'peak-memory.cjs')] : [];
  try {
    const milliseconds = await run([...preload, script], env);
    return what === 'time' ? milliseconds : Number(readFileSync(file('peak'), 'utf8'));
  } finally {
    rmSync(home, { recursive: true });
  }
}

function run(args: string[], env: Environment): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(performance.now() - start);
      else reject(new Error(`${args.at(-1)} ended with ${code}`));
    });
  });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spread(values: number[]): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)];
  return [low, middle, high].map((value) => value.toFixed(0)).join(' / ');
}

interface Comparison {
  title: string;
  what: 'time' | 'memory';
  /** Of the login. */
  env: Environment;
  /** Of the floor. */
  floorEnv: Environment;
  limit: number;
}

/** Compares medians: the time to find an RSA key varies a lot from run to run. */
async function compare({ title, what, env, floorEnv, limit }: Comparison): Promise<void> {
  const [logins, floors]: [number[], number[]] = [[], []];
  await measure(MAIN, env, what);
  await measure(FLOOR, floorEnv, what);
  for (let round = 0; round < ROUNDS; round += 1) {
    logins.push(await measure(MAIN, env, what));
    floors.push(await measure(FLOOR, floorEnv, what));
  }
  const ratio = median(logins) / median(floors);
  console.log(`${title}, in ${what === 'time' ? 'ms' : 'kB'} (min / median / max of ${ROUNDS} runs)`);
  console.log(`  login  ${spread(logins)}`);
  console.log(`  floor  ${spread(floors)}`);
  console.log(`  ratio of the medians ${ratio.toFixed(2)}, ${verdict(ratio, limit)} ${limit.toFixed(2)}\n`);
}

const verdict = (value: number, limit: number) =>
  value <= limit ? 'within the limit of' : 'OVER the limit of';

/** Delays each response of the servers in this process. */
function delayResponses(milliseconds: number): void {
  const { end } = ServerResponse.prototype;
  ServerResponse.prototype.end = function (this: ServerResponse, ...content: unknown[]) {
    setTimeout(() => Reflect.apply(end, this, content), milliseconds);
    return this;
  };
}

function weigh(title: string, bytes: number, limit: number): void {
  console.log(`${title}: ${(bytes / 1000).toFixed(1)} kB, ${verdict(bytes, limit)} ${limit / 1000} kB`);
  if (bytes > limit) process.exitCode = 1;
}

const prefixed = (inputs: Environment) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

const emulator = await startEmulator();
const env: Environment = { PATH: process.env['PATH'] ?? '', ...emulator.env, ...prefixed(emulator.inputs) };
const bothClouds: Environment = { ...env, ...prefixed(emulator.awsInputs) };
try {
  await compare({ title: 'OCI login, time', what: 'time', env, floorEnv: env, limit: LIMITS.ociTime });
  await compare({ title: 'OCI login, memory', what: 'memory', env, floorEnv: env, limit: LIMITS.ociMemory });
  delayResponses(DELAY_MS);
  await compare({
    title: `Login to both clouds against an OCI login of the floor, ${DELAY_MS} ms added to every response`,
    what: 'time',
    env: bothClouds,
    floorEnv: env,
    limit: LIMITS.bothCloudsTime,
  });
  weigh('Download', downloadBytes(), LIMITS.downloadBytes);
  weigh('Download without the AWS files', downloadBytes(awsFiles()), LIMITS.downloadBytesWithoutAws);
} finally {
  await emulator.close();
}
