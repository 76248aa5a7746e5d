// Times the whole main process against the floor (`floor.js`), in pairs and in turn, so that a machine whose speed
// drifts drifts for both; then weighs what every job downloads. Prints figures against their limits; fails by weight
// alone, which is the same on every machine: times are for people to judge.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startEmulator } from '../emulator/start.ts';

const ROUNDS = 15;
const LIMITS = { wall: 1.3, memory: 1.3, archiveBytes: 120_000 };
const root = path.join(import.meta.dirname, '..');
const MAIN = path.join(root, 'dist/main.js');
const FLOOR = path.join(import.meta.dirname, 'floor.js');

type Environment = Record<string, string>;

/** One run in a home of its own; milliseconds, or kB of peak memory when that is asked for. */
async function measure(script: string, shared: Environment, what: 'wall' | 'memory'): Promise<number> {
  const home = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const file = (name: string) => path.join(home, name);
  const env: Environment = { ...shared, HOME: home, RUNNER_TEMP: home, PEAK_MEMORY_FILE: file('peak') };
  for (const name of ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_STATE']) {
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

/** Ratio of the medians: luck with the RSA key decides single runs, and the two of a pair draw their luck apart. */
async function compare(env: Environment, what: 'wall' | 'memory', unit: string): Promise<void> {
  const [ours, floor]: [number[], number[]] = [[], []];
  await measure(MAIN, env, what);
  await measure(FLOOR, env, what);
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await measure(MAIN, env, what));
    floor.push(await measure(FLOOR, env, what));
  }
  const ratio = median(ours) / median(floor);
  const paired = ours.map((value, at) => value / (floor[at] ?? Number.NaN));
  console.log(`${what} (${unit}; min / median / max of ${ROUNDS})`);
  console.log(`  main   ${spread(ours)}`);
  console.log(`  floor  ${spread(floor)}`);
  const verdict = ratio <= LIMITS[what] ? 'within' : 'ABOVE';
  console.log(`  ratio of medians ${ratio.toFixed(2)}, ${verdict} the limit of ${LIMITS[what].toFixed(2)}`);
  console.log(`  pair by pair     ${spread(paired, 2)}\n`);
}

/** What GitHub packs for a job: `export-ignore` in .gitattributes counts. */
function archiveBytes(): number {
  const tar = execFileSync('git', ['archive', 'HEAD'], { cwd: root, maxBuffer: 1 << 28 });
  return gzipSync(tar, { level: 9 }).length;
}

const emulator = await startEmulator();
const inputs = Object.entries(emulator.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
const env: Environment = { PATH: process.env['PATH'] ?? '', ...emulator.env, ...Object.fromEntries(inputs) };
try {
  await compare(env, 'wall', 'ms');
  await compare(env, 'memory', 'kB');
  const bytes = archiveBytes();
  console.log(
    `archive that a job downloads: ${(bytes / 1000).toFixed(1)} kB, limit ${LIMITS.archiveBytes / 1000} kB`,
  );
  if (bytes > LIMITS.archiveBytes) process.exitCode = 1;
} finally {
  await emulator.close();
}
