// `npm run figures`: size and shape of the project, next to the limits that it has set itself. Always exits with 0: limits
// that must hold are held by tests and by `npm run bench`.
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { startJob } from '../emulator/runner/job.ts';
import { type Emulator, startEmulator } from '../emulator/server/start.ts';
import { awsFiles, DIST, downloadBytes } from './download.ts';
import { functionsIn } from './functions.ts';
import { LIMITS } from './limits.ts';

const root = path.join(import.meta.dirname, '..');
const lineCount = (text: string) => text.split('\n').length - 1;

/** Prints one row; `limit` is the largest value that is allowed. */
function row(what: string, value: number, unit: string, limit?: number): void {
  const compared = limit === undefined ? '' : `  limit ${limit}${value > limit ? '  OVER' : ''}`;
  console.log(`  ${what.padEnd(62)} ${String(value).padStart(7)} ${unit}${compared}`);
}

interface Source {
  name: string;
  text: string;
}

function sourcesIn(folder: string): Source[] {
  const names = globSync('**/*.{ts,js,cjs,py,go,java}', { cwd: path.join(root, folder) });
  return names.map((name) => ({
    name: `${folder}/${name}`.replaceAll('\\', '/'),
    text: readFileSync(path.join(root, folder, name), 'utf8'),
  }));
}

function printFolder(title: string, sources: readonly Source[], limit?: number): void {
  const lines = sources.reduce((sum, { text }) => sum + lineCount(text), 0);
  row(`${title} (${sources.length} files)`, lines, 'lines', limit);
}

function printSources(): void {
  const src = sourcesIn('src');
  console.log('Sources');
  printFolder('src', src, LIMITS.srcLines);
  const folders = Map.groupBy(src, ({ name }) => name.split('/').slice(1, -1)[0] ?? '(programs and types)');
  for (const [folder, sources] of [...folders].toSorted()) printFolder(`  ${folder}`, sources);
  printFolder('cli', sourcesIn('cli'));
  printFolder('emulator', sourcesIn('emulator'));
  for (const kind of ['unit', 'e2e', 'cli', 'repo', 'interop', 'stress'])
    printFolder(`__tests__/${kind}`, sourcesIn(`__tests__/${kind}`));
  printFolder('scripts', sourcesIn('scripts'));

  const [file] = src.toSorted((one, other) => lineCount(other.text) - lineCount(one.text));
  if (file) row(`largest file of src: ${file.name}`, lineCount(file.text), 'lines', LIMITS.fileLines);
  const functions = src.flatMap(({ name, text }) => functionsIn(text).map((one) => ({ ...one, file: name })));
  const [longest] = functions.toSorted((one, other) => other.lines - one.lines);
  if (longest)
    row(`largest function: ${longest.name} in ${longest.file}`, longest.lines, 'lines', LIMITS.functionLines);
}

function printDist(): void {
  console.log('\nDownload');
  const sizes = readdirSync(DIST).map((name) => ({ name, bytes: statSync(path.join(DIST, name)).size }));
  for (const { name, bytes } of sizes.toSorted((one, other) => other.bytes - one.bytes))
    row(`dist/${name}`, bytes, 'bytes');
  row('archive, gzip', downloadBytes(), 'bytes', LIMITS.downloadBytes);
  row('archive without the AWS files, gzip', downloadBytes(awsFiles()), 'bytes');
}

/** Logs in once. The domain should get one request for each token that the login obtains. */
async function printRequests(
  title: string,
  inputsOf: (emulator: Emulator) => Record<string, string>,
  tokens: number,
): Promise<void> {
  const emulator = await startEmulator();
  const job = startJob({ env: emulator.env });
  try {
    const main = await job.main({ ...emulator.inputs, ...inputsOf(emulator) });
    await job.post(main);
    if (main.exitCode !== 0) console.log(`  ${title}: the login failed`);
    const services = Map.groupBy(emulator.journal, ({ service }) => service);
    for (const [service, requests] of services)
      row(`${title}: ${service}`, requests.length, 'requests', service === 'domain' ? tokens : undefined);
  } finally {
    job.end();
    await emulator.close();
  }
}

printSources();
printDist();
console.log('\nRequests of a login');
await printRequests('OCI', () => ({}), 1);
await printRequests('AWS', ({ awsInputs }) => ({ ...awsInputs, 'token-type': 'none', region: '' }), 1);
await printRequests('OCI and AWS', ({ awsInputs }) => awsInputs, 2);
