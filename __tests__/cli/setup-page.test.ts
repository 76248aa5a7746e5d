// The commands of the README's quick start and of docs/setup.md before "By hand", pasted into one shell by a newcomer.
// Then a job logs in. `by-hand.test.ts` has the rest of the page.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { parse } from 'yaml';
import { untilEnd } from '../../emulator/runner/ended.ts';
import { blocksIn, usesIn } from '../repo/workflow-text.ts';
import { itWithShell } from '../unit/systems-with.ts';
import { PACKAGE, pack, userPath } from './packed.ts';
import { SUBJECT, startTenancy } from './tenancy.ts';

const tenancy = await startTenancy();
const { administrator, login } = tenancy;
const page = readFileSync(path.join(import.meta.dirname, '../../docs/setup.md'), 'utf8');
const section = (heading: string) => page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
const scratch = mkdtempSync(path.join(tmpdir(), 'setup-page-'));
const log = path.join(scratch, 'calls');

afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** What needs a network, a browser, a terminal or another program. npm installs the real package. */
const STAND_INS = `
  gh() { echo "gh $*" >>"$LOG"; case "$1 $2" in
    'auth login' | 'attestation verify') ;;
    'release download') cp "$ASSET" . ;;
    'variable list' | 'secret list') ;;
    *) command gh "$@" ;;
  esac }
  pipx() { echo "pipx $*" >>"$LOG"; }
  oci() { sed -n '/^\\[SESSION]/,$p' "$HOME/.oci/config" | sed "s/^\\[SESSION]/[$4]/" >>"$HOME/.oci/config.new"
    cat "$HOME/.oci/config" "$HOME/.oci/config.new" | sed 's/^\\[DEFAULT]/[UNUSED]/' >"$HOME/config" && mv "$HOME/config" "$HOME/.oci/config"; }
  oci-wif() { case "$*" in *--apply*) command oci-wif "$@" --yes ;; *) command oci-wif "$@" ;; esac }
  terraform() { echo "terraform $*" >>"$LOG"; }
`;

/** Pastes the blocks into one shell. The last line says which variable a block needed and did not find. */
function paste(blocks: readonly string[]) {
  const text = blocks.join('\n').replaceAll('ocid1.compartment.oc1..replace-me', tenancy.compartment);
  const env = {
    ...administrator.env,
    PATH: `${path.join(administrator.home, 'bin')}:${path.join(scratch, 'npm/bin')}:${userPath()}`,
    LOG: log,
    ASSET: path.join(scratch, PACKAGE),
    npm_config_prefix: path.join(scratch, 'npm'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  };
  const child = spawn('bash', ['-c', `set -o nounset\n${STAND_INS}\n${text}`], {
    cwd: administrator.home,
    env,
  });
  child.stdin.end();
  return untilEnd(child);
}

itWithShell('the quick start of the README shows a plan, and changes nothing', async () => {
  pack(scratch);
  const readme = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, quickStart = ''] = readme.split('\n## Quick start\n');
  const before = tenancy.world();
  const { stdout, stderr } = await paste(blocksIn(quickStart.split('\n## ')[0] ?? '', 'sh'));
  expect(stdout).toContain('secret       OCI_CLIENT_SECRET');
  expect(stderr).toContain('Nothing was changed. Apply with --apply.');
  expect(tenancy.world()).toEqual(before);
});

itWithShell('docs/setup.md leads a newcomer from the download to a login', async () => {
  pack(scratch);
  const { stdout, stderr } = await paste(blocksIn(section('With the command'), 'sh'));
  expect(stderr).toContain('Nothing was changed. Apply with --apply.');
  expect(stdout).toContain(`ok       subject   rule 1 matches ${SUBJECT}`);
  const calls = readFileSync(log, 'utf8');
  expect(calls).toMatch(/^gh attestation verify oci-wif-\S+\.tgz --repo org\/oci-wif-action$/m);
  const stored = tenancy.repository().environments.get('prod');
  for (const name of ['OCI_DOMAIN_URL', 'OCI_CLIENT_ID', 'OCI_REGION', 'OCI_AUDIENCE'])
    expect([name, stored?.variables.get(name)]).toEqual([name, expect.stringMatching(/./)]);
  expect(stored?.secrets.get('OCI_CLIENT_SECRET')?.value).toMatch(/./);
  expect((await login()).exitCode).toBe(0);

  // The printed job is that of the workflow to copy.
  const printed = stdout.slice(stdout.indexOf('Add this job to a workflow:')).split('\n').slice(1).join('\n');
  const copied = readFileSync(path.join(import.meta.dirname, '../../examples/smallest.yml'), 'utf8');
  const [[own], [shown]] = [usesIn(parse(printed)), usesIn(parse(copied))];
  expect(own).toEqual(shown);
  expect(parse(printed)['deploy'].permissions).toMatchObject({ 'id-token': 'write' });
});

itWithShell(
  'docs/setup.md leads to a file for Terraform, and changes nothing before it is applied',
  async () => {
    pack(scratch);
    const before = tenancy.world();
    const install = blocksIn(section('With the command'), 'sh')[0] ?? '';
    const terraform = blocksIn(section('Terraform').replaceAll(/^ {3}/gm, ''), 'sh');
    const { stderr } = await paste([install, ...terraform]);
    expect(stderr).toBe('');
    expect(readFileSync(path.join(administrator.home, 'login.tf'), 'utf8')).toContain(`sub eq ${SUBJECT}`);
    expect(readFileSync(log, 'utf8')).toMatch(/terraform init\nterraform plan\nterraform apply\n$/);
    expect(tenancy.world()).toEqual(before);
  },
);
