// Runs the demo and draws its output as `docs/demo.svg`. With --check, compares the output with the committed picture.
// Omits less important lines, and replaces values that differ from run to run by fixed ones.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { draw, plain, wrap } from './terminal.ts';

const root = path.join(import.meta.dirname, '..');
const file = path.join(root, 'docs/demo.svg');
const COLUMNS = 110;

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
];

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
  const fixed = kept.map((line) =>
    FIXED.reduce((text, [pattern, value]) => text.replaceAll(pattern, value), line),
  );
  const lines = ['$ npm run demo', '', ...fixed].flatMap((line) => wrap(line, COLUMNS));
  return draw({
    title: 'npm run demo',
    description:
      'The demo: a login against the emulator, the SDKs of Oracle and AWS as later steps, and the clean-up',
    columns: COLUMNS,
    lines,
  });
}

const picture = pictureOf(runDemo());
if (!process.argv.includes('--check')) writeFileSync(file, picture);
else if (readFileSync(file, 'utf8') !== picture) {
  console.error(
    'docs/demo.svg differs from the output of the demo: run "npm run picture" and commit the result.',
  );
  process.exitCode = 1;
}
