// `npm run demo`: runs a whole job against the emulator and shows each step: the login, Oracle's and AWS's SDKs as later
// steps, and the post step. It fails as soon as a result differs from what the documentation promises.
// `npm run demo -- setup`: shows the command of the administrator instead, see setup.ts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Job, type Stage, startJob } from '../../emulator/runner/job.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';
import { visibleLog } from './log.ts';
import { conclude, paint, type Style } from './outcome.ts';

const print = (text: string, style: Style = 'reset') => console.log(`  ${paint(style, text)}`);
const printHeading = (number: number, text: string) =>
  console.log(`\n${paint(['bold', 'cyan'], `${number}. ${text}`)}`);
const printSuccess = (text: string) => print(`✓ ${text}`, 'green');
const printLog = ({ stdout }: Stage) => {
  for (const line of visibleLog(stdout).split('\n')) if (line !== '') print(line);
};

/** An existing OCI config file: another profile, a comment, no final newline. */
const EXISTING_CONFIG = '# my own\n[ADMIN]\nuser=ocid1.user.oc1..aaaaexample\nregion=eu-frankfurt-1';
const PROFILE = 'DEPLOY';

function namesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
}

function printTree(home: string): void {
  for (const name of namesBelow(home)) {
    const stats = statSync(path.join(home, name));
    const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
    print(`${mode}  ${stats.isDirectory() ? `${name}/` : `${name}  (${stats.size} bytes)`}`, 'gray');
  }
}

/** Every file below `home` with its content, to compare at the end. */
function snapshot(home: string): Record<string, string> {
  return Object.fromEntries(
    namesBelow(home).map((name) => {
      const file = path.join(home, name);
      return [name, statSync(file).isDirectory() ? '(directory)' : readFileSync(file, 'latin1')];
    }),
  );
}

/** The requests to the emulator since `start`, and its responses. */
function printRequests(emulator: Emulator, start: number): void {
  for (const { service, method, path: where, status } of emulator.journal.slice(start))
    print(`${service}: ${method} ${where} → ${status}`, 'gray');
}

async function runLogin(job: Job, emulator: Emulator): Promise<Stage> {
  printHeading(2, 'Step "log in": runs dist/main.js as the runner does');
  print('uses: org/oci-wif-action@v1', 'yellow');
  const inputs = { ...emulator.inputs, profile: PROFILE, ...emulator.awsInputs };
  for (const [name, value] of Object.entries(inputs))
    print(`  ${name}: ${name === 'client-secret' ? '***' : value}`, 'yellow');
  const main = await job.main(inputs);
  printLog(main);
  assert.equal(main.exitCode, 0, main.stdout);
  printRequests(emulator, 0);
  const requests = emulator.journal.map(({ service, method }) => `${service} ${method}`).toSorted();
  const expected = ['domain POST', 'domain POST', 'github GET', 'sts POST'];
  assert.deepEqual(requests, expected);
  printSuccess('OCI: one ID token, one token exchange. AWS: one access token, one role');
  printSummary(main);
  return main;
}

/** The first table of the job summary. */
function printSummary({ summary }: Stage): void {
  const [shown = ''] = summary.split('<details>');
  const rows = [...shown.matchAll(/^\| (?!what|---)(.+?) \| (.+) \|$/gm)];
  assert.ok(rows.length > 0, 'the job summary has no table');
  print(`Job summary: ${/^### (.*)$/m.exec(shown)?.[1]}`, 'yellow');
  for (const [, name = '', value = ''] of rows)
    print(`│ ${name.padEnd(16)}  ${value.replaceAll(/<\/?code>/g, '')}`, 'gray');
}

function showFiles(job: Job, main: Stage): void {
  printHeading(3, 'Files and variables for later steps');
  printTree(job.home);
  const config = readFileSync(path.join(job.home, '.oci/config'), 'utf8');
  for (const line of config.trimEnd().split('\n')) print(`│ ${line}`, 'gray');
  const secrets = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  for (const [name, value] of Object.entries(main.exported))
    print(`${name}=${secrets.includes(name) ? '***' : value}`, 'yellow');
  assert.ok(config.startsWith(`${EXISTING_CONFIG}\n[${PROFILE}]\n`), 'the existing config has changed');
  printSuccess('The profile is appended to the config file; the existing content is unchanged');
}

/** Runs a script as a later step, with the environment of the job and the addresses of the emulator. */
async function runLaterStep(
  job: Job,
  emulator: Emulator,
  script: string,
  minRequests: number,
): Promise<void> {
  const start = emulator.journal.length;
  const endpoints = {
    OCI_EMULATOR_ENDPOINT: emulator.urls.oci,
    AWS_ENDPOINT_URL_STS: emulator.urls.sts,
    AWS_ENDPOINT_URL_S3: emulator.urls.s3,
  };
  const exitCode = await new Promise((resolve, reject) => {
    const env = { ...job.env(), ...endpoints };
    const child = spawn(process.execPath, [path.join(import.meta.dirname, script)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n')) print(line);
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  assert.equal(exitCode, 0, 'the SDK failed');
  printRequests(emulator, start);
  const requests = emulator.journal.slice(start);
  assert.ok(
    requests.length >= minRequests && requests.every(({ status }) => status < 300),
    'a signed request was refused',
  );
  printSuccess(`The SDK signed ${requests.length} requests; the emulator verified each signature`);
}

async function runPost(job: Job, main: Stage, before: Record<string, string>): Promise<void> {
  printHeading(6, 'Post step: runs dist/post.js');
  const { 'private-key-file': keyFile = '' } = main.outputs;
  assert.ok(existsSync(keyFile), 'the private key was removed before the post step');
  const post = await job.post(main);
  printLog(post);
  assert.equal(post.exitCode, 0, post.stdout);
  printTree(job.home);
  assert.ok(!existsSync(keyFile), 'the private key still exists');
  assert.deepEqual(snapshot(job.home), before, 'the home directory differs from before the login');
  assert.deepEqual(readdirSync(job.temp), [], 'the temporary directory is not empty');
  assert.deepEqual(readdirSync(job.workspace), [], 'the workspace is not empty');
  printSuccess('Key and token are removed; every other file is unchanged, byte for byte');
}

if (process.argv[2] === 'setup') await import('./setup.ts');
else await showJob();

async function showJob(): Promise<void> {
  const start = performance.now();
  printHeading(1, 'Start the emulator: GitHub, OCI and AWS on this machine, with TLS');
  const emulator = await startEmulator();
  const job = startJob({ env: emulator.env });
  const checks = async () => {
    for (const name of ['github', 'domain', 'oci', 'sts', 's3'] as const)
      print(`${name.padEnd(7)} ${emulator.urls[name]}`);
    mkdirSync(path.join(job.home, '.oci'), { mode: 0o700 });
    writeFileSync(path.join(job.home, '.oci/config'), EXISTING_CONFIG, { mode: 0o600 });
    const before = snapshot(job.home);
    const main = await runLogin(job, emulator);
    showFiles(job, main);
    printHeading(4, `Step "use OCI": Oracle's TypeScript SDK reads the profile`);
    await runLaterStep(job, emulator, 'consumer-oci.ts', 5);
    printHeading(5, `Step "use AWS": AWS's SDK reads the environment variables`);
    await runLaterStep(job, emulator, 'consumer-aws.ts', 6);
    await runPost(job, main, before);
  };
  await conclude(start, checks, async () => {
    job.end();
    await emulator.close();
  });
}
