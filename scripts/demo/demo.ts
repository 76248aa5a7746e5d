// The main job, shown as it happens: emulator up, main as the runner would start it, Oracle's and AWS's own SDKs as later
// steps, the post step, and the proof that nothing is left. Ends with an error as soon as any part is not as promised.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { type Job, type Stage, startJob } from '../../emulator/runner/job.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';

type Style = Parameters<typeof styleText>[0];

const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });
const say = (text: string, style: Style = 'reset') => console.log(`  ${paint(style, text)}`);
const heading = (number: number, text: string) =>
  console.log(`\n${paint(['bold', 'cyan'], `${number}. ${text}`)}`);
const good = (text: string) => say(`✓ ${text}`, 'green');

/** A config as a developer's own machine might have it: another profile, a comment, no final newline. */
const OWN_CONFIG = '# kept by hand\n[ADMIN]\nuser=ocid1.user.oc1..aaaaexample\nregion=eu-frankfurt-1';
const PROFILE = 'DEPLOY';

/** What a person would see in the job's log: masks are commands to the runner, and it hides what they name. */
function asLogged(stdout: string): string[] {
  const masked = [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value);
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('::add-mask::'));
  return lines.map((line) => masked.reduce((text, secret) => text.replaceAll(secret, '***'), line));
}

function showTree(home: string): void {
  const entries = readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted();
  for (const entry of entries) {
    const stats = statSync(path.join(home, entry));
    const mode = (stats.mode & 0o777).toString(8).padStart(3, '0');
    say(`${mode}  ${stats.isDirectory() ? `${entry}/` : `${entry}  (${stats.size} bytes)`}`, 'gray');
  }
}

/** Every file below `home` with its content, for the comparison at the end. */
function snapshot(home: string): Record<string, string> {
  const entries = readdirSync(home, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    entries.map((entry) => {
      const file = path.join(home, entry);
      return [entry, statSync(file).isDirectory() ? '(directory)' : readFileSync(file, 'latin1')];
    }),
  );
}

async function showLogin(job: Job, emulator: Emulator): Promise<Stage> {
  heading(2, `Step "log in": dist/main.js, as the runner starts it`);
  say('uses: org/oci-wif-action@v1', 'yellow');
  const inputs = { ...emulator.inputs, profile: PROFILE, ...emulator.awsInputs };
  for (const [name, value] of Object.entries(inputs)) {
    say(`  ${name}: ${name === 'client-secret' ? '***' : value}`, 'yellow');
  }
  const main = await job.main(inputs);
  for (const line of asLogged(main.stdout)) say(line);
  assert.equal(main.exitCode, 0, main.stdout);
  showCalls(emulator, 0);
  const asked = emulator.journal.map(({ service, method }) => `${service} ${method}`).toSorted();
  const expected = ['domain GET', 'domain GET', 'domain POST', 'domain POST', 'github GET', 'sts POST'];
  assert.deepEqual(asked, expected);
  good(
    'one request to GitHub, one exchange; for AWS an access token, its public keys as AWS will see them, one role',
  );
  showSummary(main);
  return main;
}

/** The table that is not folded away, as text; the fold-out has paths and ids. */
function showSummary({ summary }: Stage): void {
  const [shown = ''] = summary.split('<details>');
  const rows = [...shown.matchAll(/^\| (?!what|---)(.+?) \| (.+) \|$/gm)];
  assert.ok(rows.length > 0, 'the job summary has no table');
  say(`the job summary: ${/^### (.*)$/m.exec(shown)?.[1]}`, 'yellow');
  for (const [, name = '', value = ''] of rows)
    say(`│ ${name.padEnd(16)}  ${value.replaceAll(/<\/?code>/g, '')}`, 'gray');
}

/** The emulator's own record of what it was asked since `start`, and what it answered. */
function showCalls(emulator: Emulator, start: number): void {
  for (const { service, method, path: where, status } of emulator.journal.slice(start)) {
    say(`${service}: ${method} ${where} → ${status}`, 'gray');
  }
}

function showFiles(job: Job, main: Stage): void {
  heading(3, 'What it left for later steps');
  showTree(job.home);
  const config = readFileSync(path.join(job.home, '.oci/config'), 'utf8');
  for (const line of config.trimEnd().split('\n')) say(`│ ${line}`, 'gray');
  const exported = Object.entries(main.exported);
  const secrets = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
  for (const [name, value] of exported) say(`${name}=${secrets.includes(name) ? '***' : value}`, 'yellow');
  assert.ok(config.startsWith(`${OWN_CONFIG}\n[${PROFILE}]\n`), 'the rest of the config has changed');
  good('the profile stands behind the config of before, of which no byte has changed');
}

/** Runs a script as a later step would run, with nothing but what the job gives it and the emulator's addresses. */
async function showConsumer(job: Job, emulator: Emulator, script: string, atLeast: number): Promise<void> {
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
      for (const line of text.trimEnd().split('\n')) say(line);
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  assert.equal(exitCode, 0, "the SDK's calls failed");
  showCalls(emulator, start);
  const calls = emulator.journal.slice(start);
  assert.ok(
    calls.length >= atLeast && calls.every(({ status }) => status < 300),
    'a signed call was refused',
  );
  good(`${calls.length} calls, each signed by the SDK and verified by the emulator`);
}

async function showCleanUp(job: Job, main: Stage, before: Record<string, string>): Promise<void> {
  heading(6, 'Post step: dist/post.js');
  const { 'private-key-file': keyFile = '' } = main.outputs;
  assert.ok(existsSync(keyFile), 'the key was gone before the post step');
  const post = await job.post(main);
  for (const line of asLogged(post.stdout)) say(line);
  assert.equal(post.exitCode, 0, post.stdout);
  showTree(job.home);
  assert.ok(!existsSync(keyFile), 'the key is still there');
  assert.deepEqual(snapshot(job.home), before, 'something was left or lost');
  assert.deepEqual(readdirSync(job.temp), [], 'something was left in the temp directory');
  assert.deepEqual(readdirSync(job.workspace), [], 'something was left in the checkout');
  good('no key, no token; every file is byte for byte what it was');
}

const start = performance.now();
heading(1, 'The clouds, in miniature and on loopback TLS');
const emulator = await startEmulator();
const job = startJob({ env: emulator.env });
try {
  for (const [name, url] of Object.entries(emulator.urls)) say(`${name.padEnd(7)} ${url}`);
  mkdirSync(path.join(job.home, '.oci'), { mode: 0o700 });
  writeFileSync(path.join(job.home, '.oci/config'), OWN_CONFIG, { mode: 0o600 });
  const before = snapshot(job.home);
  const main = await showLogin(job, emulator);
  showFiles(job, main);
  heading(4, `Step "use OCI": Oracle's TypeScript SDK, which knows nothing of this action`);
  await showConsumer(job, emulator, 'consumer-oci.ts', 5);
  heading(5, `Step "use AWS": AWS's SDK, likewise`);
  await showConsumer(job, emulator, 'consumer-aws.ts', 6);
  await showCleanUp(job, main, before);
  console.log(
    `\n${paint(['bold', 'green'], 'All of it held.')} ${((performance.now() - start) / 1000).toFixed(1)} s\n`,
  );
} catch (error) {
  console.error(
    `\n${paint(['bold', 'red'], 'The demo failed.')} ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
} finally {
  job.end();
  await emulator.close();
}
