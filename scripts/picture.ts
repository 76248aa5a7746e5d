// Draws `docs/demo.svg` from a run of the demo, and the job summaries of a login and of a refused login from runs against the
// emulator. With --check, compares them with the committed pictures. Replaces values that differ from run to run by fixed ones.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startConnectProxy } from '../emulator/proxy.ts';
import { startJob } from '../emulator/runner/job.ts';
import { type EmulatorOptions, startEmulator } from '../emulator/server/start.ts';
import { drawMarkdown } from './markdown-picture.ts';
import { draw, plain, wrap } from './terminal.ts';

const root = path.join(import.meta.dirname, '..');
/** GitHub shows a README 830 px wide or more: up to this width, it does not scale the text. */
const WIDTH = 826;
const COLUMNS = 100;

const OMITTED: readonly RegExp[] = [
  /^ {2}(github|domain|oci|sts|s3) *:? (https:|[A-Z]+ \/)/, // addresses, and requests, partly without a fixed order
  /request id/i,
  /^ {2}HOME is /, // only the demo has its own home directory
  /^ {2}No DEFAULT profile/, // a warning of Oracle's SDK about the demo's config
  /^ {2}Job summary|^ {2}│ [\w ]{16} {2}/,
  /^ {4}(client-id|tenancy|audience|aws-region|aws-sts-endpoint): /,
  /^ {2}700 |\.oci-wif-action-/,
  /^ {2}│ (?!\[DEPLOY|key_file|security_token_file)/,
  /^ {2}buckets? /,
  /^ {2}AWS_DEFAULT_REGION/,
];

const FIXED: readonly [RegExp, string][] = [
  [/[^\s=]*\/job-\w{6}\/home/g, '/home/runner'],
  [/\b(ocid1\.\w+\.oc1\.\.aaaa)[a-z0-9]+/g, '$1…'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-31T13:00:00.000Z'],
  [/ {2}\(\d+ bytes\)/g, ''],
  [/ \d+\.\d s$/g, ''],
  [/\b[\dA-F]{32}(\/[\dA-F]{32})+/g, '6F2C…/91B0…/D3A7…'], // request IDs
];

const withFixedValues = (line: string) =>
  FIXED.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), line);

function runDemo(): string[] {
  const { NO_COLOR: _, NODE_DISABLE_COLORS: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/demo/demo.ts')], {
    env: { ...env, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the demo failed:\n${stdout}${stderr}`);
  return stdout.trim().split('\n');
}

/** Ports are numbered in order of appearance. */
function withFixedPorts(lines: readonly string[]): string[] {
  const ports: string[] = [];
  return lines.map((line) =>
    line.replaceAll(/localhost:(\d+)/g, (_, port: string) => {
      if (!ports.includes(port)) ports.push(port);
      return `localhost:${44_301 + ports.indexOf(port)}`;
    }),
  );
}

function pictureOf(output: readonly string[]): string {
  const kept = withFixedPorts(output).filter((line) => !OMITTED.some((pattern) => pattern.test(plain(line))));
  const lines = ['$ npm run demo', '', ...kept.map(withFixedValues)].flatMap((line) => wrap(line, COLUMNS));
  return draw({
    title: 'npm run demo',
    description:
      'The demo: a login against the emulator, the SDKs of Oracle and AWS as later steps, and the clean-up',
    columns: COLUMNS,
    lines,
  });
}

/** Public names of services, which a proxy leads to the emulator. */
const HOSTS = {
  github: 'token.actions.githubusercontent.com',
  domain: 'idcs-0123456789abcdef.identity.oraclecloud.com',
};
const ACTION = {
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_ACTION_REPOSITORY: 'org/oci-wif-action',
  GITHUB_ACTION_REF: 'v1',
};

/** Rows of a summary that the picture leaves out. */
const OMITTED_CLAIMS = /^\| (exp|repository|repository_id|ref|job_workflow_ref|event_name) \|.*\n/gm;

/** The job summary of a login in an environment of the repository. */
async function summaryOf(world: NonNullable<EmulatorOptions['world']>): Promise<string> {
  const githubClaims = { environment: 'production' };
  const emulator = await startEmulator({ hosts: HOSTS, world: { githubClaims, ...world } });
  const proxy = await startConnectProxy({ routes: emulator.routes });
  const job = startJob({ env: emulator.env });
  try {
    const env = { ...ACTION, HTTPS_PROXY: proxy.url };
    const main = await job.main({ ...emulator.inputs, profile: 'DEPLOY' }, { env });
    await job.post(main, { env });
    return withFixedValues(main.summary.replaceAll(OMITTED_CLAIMS, ''));
  } finally {
    job.end();
    await proxy.close();
    await emulator.close();
  }
}

async function pictures(): Promise<Record<string, string>> {
  const title = 'deploy · job summary';
  const [success, refusal] = [await summaryOf({}), await summaryOf({ rules: [] })];
  return {
    'demo.svg': pictureOf(runDemo()),
    'summary-success.svg': drawMarkdown({
      description:
        'The job summary of a login: principal, tenancy, identity domain, region, profile, end of the session',
      title,
      markdown: success,
      width: WIDTH,
    }),
    'summary-refusal.svg': drawMarkdown({
      description:
        'The job summary of a refused login: the cause, what to do, and the rule for the subject of this job',
      title,
      markdown: refusal,
      width: WIDTH,
    }),
  };
}

for (const [name, picture] of Object.entries(await pictures())) {
  const file = path.join(root, 'docs', name);
  if (!process.argv.includes('--check')) writeFileSync(file, picture);
  else if (readFileSync(file, 'utf8') !== picture) {
    console.error(`docs/${name} differs from the program: run "npm run picture" and commit the result.`);
    process.exitCode = 1;
  }
}
