// The set-up of docs/other-ci.md: the commands of docs/setup.md, "By hand", with its variables for GitLab. A job of GitLab then logs in,
// and prints what the page shows.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type Machine, startMachine } from '../../emulator/machines/machine.ts';
import { type Administrator, PUBLIC_HOSTS } from '../../emulator/runner/administrator.ts';
import type { Emulator } from '../../emulator/server/start.ts';
import { blocksIn } from '../repo/workflow-text.ts';
import { describeWithShell } from '../unit/systems-with.ts';
import { paste, startNewDomain, withValues } from './by-hand.ts';
import { runCommand } from './command.ts';
import { namespaceCommand } from './journeys/journey.ts';

const read = (page: string) => readFileSync(path.join(import.meta.dirname, '../../docs', page), 'utf8');
const page = read('other-ci.md');
const [, own = ''] = /^ {3}```bash\n([\s\S]*?)^ {3}```$/m.exec(page) ?? [];
const [, example = ''] = /^```console\n([\s\S]*?)^```$/m.exec(page) ?? [];
const [, byHand = ''] = /\n## By hand\n([\s\S]*?)(?=\n## |$(?![\s\S]))/.exec(read('setup.md')) ?? [];

/** Step 2 is left out, and the variables of the page are in place of those that call `gh`. */
function blocksOfPage(): string[] {
  const isVariables = (block: string) => block.includes('JWKS_URI=$(');
  const blocks = blocksIn(byHand, 'bash');
  expect(blocks.filter(isVariables)).toHaveLength(1);
  return blocks
    .map((block) => (isVariables(block) ? own.replaceAll(/^ {3}/gm, '') : block))
    .filter((block) => !/\bgh (api|secret|variable)\b|\boci iam\b/.test(block));
}

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

function pasteOfPage(emulator: Emulator, machine: Administrator, { issuer, keys }: Record<string, string>) {
  const text = [...blocksOfPage(), 'echo "client=$CLIENT_ID $CLIENT_SECRET"'].join('\n');
  const script = withValues(text.replaceAll('"github-actions"', '"gitlab-acme-infra"'), {
    DOMAIN_URL: `https://${PUBLIC_HOSTS.domain}`,
    ISSUER: issuer ?? '',
    JWKS_URI: keys ?? '',
  });
  return paste([script], emulator, machine);
}

/** Lines with the names and times that differ from run to run replaced. */
const comparable = (text: string) =>
  text
    .replaceAll(/ocid1\.user\.oc1\.\.\w+/g, 'USER')
    .replaceAll(/\S*\/oci-wif-action-\w+/g, 'DIRECTORY')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .split('\n')
    .filter((line) => line.startsWith('Logged in'));

describeWithShell('the set-up of docs/other-ci.md', () => {
  it('lets a job of GitLab log in, which prints what the page shows', async () => {
    const { emulator, administrator } = await startNewDomain(open);
    const machine: Machine = await startMachine(emulator, 'gitlab', { trusted: false });
    open.push(() => machine.end());
    emulator.world.settings.scim.reachableKeys = [machine.issuer.keysUrl];
    const job = (args: string[], env: Record<string, string> = {}) =>
      runCommand(args, { env: { ...machine.env(), ...env }, cwd: machine.workspace });

    const without = { OCI_DOMAIN_URL: '', OCI_CLIENT_ID: '', OCI_CLIENT_SECRET: '', OCI_REGION: '' };
    const { trust } = JSON.parse((await job(['doctor', '--json'], without)).stdout);
    expect(own).toContain(`SUBJECT='${trust.rule.replace('sub eq ', '')}'`);
    expect(own).toContain(`AUDIENCE='${trust.audience}'`);
    const { stdout, stderr } = await pasteOfPage(emulator, administrator, {
      issuer: trust.issuer,
      keys: trust.keysUrl,
    });
    expect(stderr).toBe('');
    const [, id = '', secret = ''] = /^client=(\S+) (\S+)$/m.exec(stdout) ?? [];
    const env = { OCI_CLIENT_ID: id, OCI_CLIENT_SECRET: secret, HTTPS_PROXY: administrator.proxy.url };
    const ended = await job(['exec', '--', ...namespaceCommand(emulator)], env);
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"data": "acmenamespace"') });
    expect(comparable(example)).toHaveLength(1);
    expect(comparable(ended.stderr)).toEqual(comparable(example));
    expect(example).toContain('"data": "acmenamespace"');
  });
});
