// Times the whole main process against the floor (`floor.js`), in pairs and in turn, so that a machine whose speed
// drifts drifts for both; then weighs what every job downloads. Prints figures against their limits; fails by weight
// alone, which is the same on every machine: times are for people to judge.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startEmulator } from '../../emulator/server/start.ts';

const ROUNDS = 31;
const root = path.join(import.meta.dirname, '../..');
const DIST = path.join(root, 'dist');
const MAIN = path.join(DIST, 'main.js');
const FLOOR = path.join(import.meta.dirname, 'floor.js');

type Environment = Record<string, string>;

/** One run in a home of its own; milliseconds, or kB of peak memory when that is asked for. */
async function measure(script: string, shared: Environment, what: 'wall' | 'memory'): Promise<number> {
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
    return what === 'wall' ? milliseconds : Number(readFileSync(file('peak'), 'utf8'));
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

function spread(values: number[], digits = 0): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)];
  return `${low.toFixed(digits)} / ${middle.toFixed(digits)} / ${high.toFixed(digits)}`;
}

interface Comparison {
  title: string;
  what: 'wall' | 'memory';
  env: Environment;
  ours?: string;
  base: string;
  limit: number;
}

/** Ratio of the medians: luck with the RSA key decides single runs, and the two of a pair draw their luck apart. */
async function compare({ title, what, env, ours = MAIN, base, limit }: Comparison): Promise<void> {
  const [mains, bases]: [number[], number[]] = [[], []];
  await measure(ours, env, what);
  await measure(base, env, what);
  for (let round = 0; round < ROUNDS; round += 1) {
    mains.push(await measure(ours, env, what));
    bases.push(await measure(base, env, what));
  }
  const ratio = median(mains) / median(bases);
  const paired = mains.map((value, at) => value / (bases[at] ?? Number.NaN));
  console.log(`${title} (${what === 'wall' ? 'ms' : 'kB'}; min / median / max of ${ROUNDS})`);
  console.log(`  main  ${spread(mains)}`);
  console.log(`  base  ${spread(bases)}`);
  const verdict = ratio <= limit ? 'within' : 'ABOVE';
  console.log(`  ratio of medians ${ratio.toFixed(2)}, ${verdict} the limit of ${limit.toFixed(2)}`);
  console.log(`  pair by pair     ${spread(paired, 2)}\n`);
}

/** Files of `dist/` that only the way on to AWS loads, told by what is in them. */
function awsChunks(): string[] {
  const isOfSdk = (name: string) =>
    /^\/\/ node_modules\/(@aws-sdk|@smithy)\//m.test(readFileSync(path.join(DIST, name), 'utf8'));
  return readdirSync(DIST).filter(isOfSdk);
}

/** A copy of `dist/` in which these files are missing: should main need one, it fails. */
function withoutAws(directory: string): string {
  cpSync(DIST, directory, { recursive: true });
  for (const name of awsChunks()) rmSync(path.join(directory, name));
  writeFileSync(path.join(directory, 'package.json'), '{"type":"module"}');
  return path.join(directory, 'main.js');
}

/** What GitHub packs for a job: `export-ignore` in .gitattributes counts. */
function archiveBytes(without: string[] = []): number {
  const paths = ['.', ...without.map((name) => `:!dist/${name}`)];
  const tar = execFileSync('git', ['archive', 'HEAD', '--', ...paths], { cwd: root, maxBuffer: 1 << 28 });
  return gzipSync(tar, { level: 9 }).length;
}

function weigh(title: string, bytes: number, limit: number): void {
  console.log(`${title}: ${(bytes / 1000).toFixed(1)} kB, limit ${limit / 1000} kB`);
  if (bytes > limit) process.exitCode = 1;
}

const prefixed = (inputs: Environment) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

const emulator = await startEmulator();
const scratch = mkdtempSync(path.join(tmpdir(), 'bench-dist-'));
const env: Environment = { PATH: process.env['PATH'] ?? '', ...emulator.env, ...prefixed(emulator.inputs) };
const awsEnv: Environment = { ...env, ...prefixed(emulator.awsInputs) };
try {
  await compare({ title: 'OCI, time against the floor', what: 'wall', env, base: FLOOR, limit: 1.3 });
  await compare({
    title: 'OCI, peak memory against the floor',
    what: 'memory',
    env,
    base: FLOOR,
    limit: 1.3,
  });
  await compare({
    title: 'OCI and AWS, time against the floor',
    what: 'wall',
    env: awsEnv,
    base: FLOOR,
    limit: 1.6,
  });
  // That it runs at all shows that they are not loaded; two equal programs differ by no more than luck with the key.
  const base = withoutAws(path.join(scratch, 'dist'));
  await compare({
    title: 'OCI, time against a dist/ from which the AWS chunks are missing',
    what: 'wall',
    env,
    base,
    limit: 1.2,
  });
  weigh('archive that a job downloads', archiveBytes(), 300_000);
  weigh('the same without the AWS chunks', archiveBytes(awsChunks()), 140_000);
} finally {
  rmSync(scratch, { recursive: true });
  await emulator.close();
}
