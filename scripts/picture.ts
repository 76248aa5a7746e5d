// Runs the demo and draws what it says as `docs/demo.svg`; with --check, says whether the committed picture is what the demo
// says. Leaves out what a reader can do without, and puts fixed values in the place of those that differ from run to run.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { draw, plain, wrap } from './terminal.ts';

const root = path.join(import.meta.dirname, '..');
const file = path.join(root, 'docs/demo.svg');
const COLUMNS = 110;

const LEFT_OUT: readonly RegExp[] = [
  /^ {2}(github|domain|oci|sts|s3) *:? (https:|[A-Z]+ \/)/, // addresses, and the journal, partly in no fixed order
  /^ {2}The domain knows this login/,
  /^ {2}HOME is /, // true of the demo only, which has a home of its own
  /^ {2}No DEFAULT profile/, // Oracle's SDK about the config that the demo has made up
  /^ {2}the job summary|^ {2}│ [\w ]{16} {2}/,
  /^ {4}(client-id|tenancy|audience|aws-region|aws-sts-endpoint): /,
  /^ {2}700 |record\.json/,
  /^ {2}│ (?!\[DEPLOY|key_file|security_token_file)/,
  /^ {2}(bucket|buckets) /,
  /^ {2}AWS_DEFAULT_REGION/,
];

const FIXED: readonly [RegExp, string][] = [
  [/[^\s=]*\/job-\w{6}\/home/g, '/home/runner'],
  [/\b(ocid1\.\w+\.oc1\.\.aaaa)[a-z0-9]+/g, '$1…'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-31T13:00:00.000Z'],
  [/ {2}\(\d+ bytes\)/g, ''],
  [/ \d+\.\d s$/g, ''],
];

function demo(): string[] {
  const { NO_COLOR: _, NODE_DISABLE_COLORS: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/demo/demo.ts')], {
    env: { ...env, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the demo failed:\n${stdout}${stderr}`);
  return stdout.trim().split('\n');
}

/** Ports are numbered as they turn up. */
function withFixedPorts(lines: readonly string[]): string[] {
  const ports: string[] = [];
  return lines.map((line) =>
    line.replaceAll(/localhost:(\d+)/g, (_, port: string) => {
      if (!ports.includes(port)) ports.push(port);
      return `localhost:${44_301 + ports.indexOf(port)}`;
    }),
  );
}

function pictureOf(said: readonly string[]): string {
  const kept = withFixedPorts(said).filter((line) => !LEFT_OUT.some((what) => what.test(plain(line))));
  const fixed = kept.map((line) => FIXED.reduce((text, [what, value]) => text.replaceAll(what, value), line));
  const lines = ['$ npm run demo', '', ...fixed].flatMap((line) => wrap(line, COLUMNS));
  return draw({
    title: 'npm run demo',
    description:
      'The demo: a login against an emulator, SDKs of Oracle and AWS that use it, and the clean-up',
    columns: COLUMNS,
    lines,
  });
}

const picture = pictureOf(demo());
if (!process.argv.includes('--check')) writeFileSync(file, picture);
else if (readFileSync(file, 'utf8') !== picture) {
  console.error('docs/demo.svg is not what the demo says: run "npm run picture" and commit the result.');
  process.exitCode = 1;
}
