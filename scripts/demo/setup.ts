// `npm run demo -- setup`: an administrator sets up a repository with `oci-wif`, a job logs in, and an audit finds a rule that
// admits every repository. It fails as soon as a result differs from what the documentation promises.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type Administrator, PUBLIC_HOSTS, startAdministrator } from '../../emulator/runner/administrator.ts';
import { type Ended, untilEnd } from '../../emulator/runner/ended.ts';
import { startJob } from '../../emulator/runner/job.ts';
import { USER_EXTENSION } from '../../emulator/scim/attributes.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';
import { visibleLog } from './log.ts';
import { conclude, paint, type Style } from './outcome.ts';

const MAIN = path.join(import.meta.dirname, '../../cli/main.ts');
const COLUMNS = 118;
const ISSUER = `https://${PUBLIC_HOSTS.github}`;

/** A line of the terminal; what is longer is for those who run the command themselves. */
const print = (text: string, style: Style = 'reset') => {
  const short = text.length > COLUMNS ? `${text.slice(0, COLUMNS - 1)}…` : text;
  console.log(`  ${paint(style, short)}`);
};
const printHeading = (text: string) => console.log(`\n${paint(['bold', 'cyan'], text)}`);

/** Another team uses the domain: it holds one trust for each issuer, so all repositories share it. */
function addAnotherTeam({ world: { directory } }: Emulator): string {
  const user = directory.insert('Users', {
    userName: 'github-acme-shop-prod',
    active: true,
    [USER_EXTENSION]: { serviceUser: true },
  });
  directory.insert('Apps', {
    ...{ name: 'shop', displayName: 'github-actions-shop', active: true, clientType: 'confidential' },
    ...{ isOAuthClient: true, allowedGrants: ['client_credentials'], trustScope: 'Explicit' },
  });
  const { id } = directory.insert('IdentityPropagationTrusts', {
    ...{ name: 'github', type: 'JWT', active: true, issuer: ISSUER, subjectType: 'User' },
    ...{ subjectClaimName: 'sub', allowImpersonation: true, publicKeyEndpoint: `${ISSUER}/.well-known/jwks` },
    ...{ clientClaimName: 'aud', clientClaimValues: ['https://acme.example'], oauthClients: ['shop'] },
    impersonationServiceUsers: [{ rule: 'sub eq repo:acme/shop:environment:prod', value: user.id }],
  });
  return id;
}

/** Runs `oci-wif` on the machine of the administrator, and checks its exit code. */
async function run(
  machine: Administrator,
  args: readonly string[],
  expected: number,
  isSilent = false,
): Promise<Ended> {
  const shown = args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg.replace(/^(ocid1\.).*/, '$1…')));
  if (!isSilent) print(`$ oci-wif ${shown.join(' ')}`, 'yellow');
  const child = spawn(process.execPath, [MAIN, ...args], { env: machine.env, cwd: machine.home });
  const ended = await untilEnd(child);
  assert.equal(ended.exitCode, expected, `oci-wif ${args[0]}: ${ended.stdout}${ended.stderr}`);
  return ended;
}

const printLines = (text: string, style: Style = 'reset') => {
  for (const line of text.split('\n').filter((one) => one !== '')) print(line, style);
};

/** Runs the login of the action in a job of the environment, with what is stored there. */
async function logIn(
  { world, env }: Emulator,
  { proxy }: Administrator,
  repository: string,
): Promise<boolean> {
  const stored = world.githubRest.repositories[0]?.environments.get('prod');
  const job = startJob({ env: { ...env, HTTPS_PROXY: proxy.url } });
  const [owner = ''] = repository.split('/');
  world.settings.githubClaims = { environment: 'prod', repository, repository_owner: owner };
  try {
    const main = await job.main({
      'domain-url': stored?.variables.get('OCI_DOMAIN_URL') ?? '',
      'client-id': stored?.variables.get('OCI_CLIENT_ID') ?? '',
      'client-secret': stored?.secrets.get('OCI_CLIENT_SECRET')?.value ?? '',
      region: stored?.variables.get('OCI_REGION') ?? '',
      audience: stored?.variables.get('OCI_AUDIENCE') ?? '',
    });
    const [line = ''] = visibleLog(main.stdout).split('\n');
    print(line, main.exitCode === 0 ? 'green' : 'red');
    return main.exitCode === 0;
  } finally {
    job.end();
  }
}

const start = performance.now();
const emulator = await startEmulator({
  hosts: PUBLIC_HOSTS,
  world: { untouchedDomain: true, immutableSubject: true, domainLicense: 'free' },
});
const machine = await startAdministrator(emulator);
const checks = async () => {
  const trustId = addAnotherTeam(emulator);
  const { directory, settings } = emulator.world;
  const compartment = settings.compartments.find(({ parent }) => parent !== undefined)?.id ?? '';
  const where = ['--repo', 'acme/infra', '--environment', 'prod'];
  const setup = ['setup', ...where, '--compartment', compartment, '--allow', 'read buckets'];

  printHeading('1. Plan: what would change. Another team uses this domain already');
  const plan = await run(machine, setup, 2);
  printLines(plan.stdout);
  printLines(plan.stderr);

  printHeading('2. Apply: append, never replace; the trust comes last');
  const applied = await run(machine, [...setup, '--apply', '--yes'], 0);
  printLines(applied.stderr);
  const rules = () =>
    Object(directory.get('IdentityPropagationTrusts', trustId))['impersonationServiceUsers'];
  assert.equal(rules().length, 2, 'the rule of the other team is gone');
  await run(machine, setup, 0, true);
  print('✓ The same command again finds nothing to do, and exits with 0', 'green');

  printHeading('3. A job of this environment logs in with the action; one of another repository does not');
  assert.equal(await logIn(emulator, machine, 'acme/infra'), true);
  assert.equal(await logIn(emulator, machine, 'evil/infra'), false);

  printHeading('4. Audit: somebody adds a rule for every repository of GitHub');
  directory.update('IdentityPropagationTrusts', trustId, {
    impersonationServiceUsers: [...rules(), { rule: 'sub eq *', value: rules()[1].value }],
  });
  const audit = await run(machine, ['audit', ...where], 2);
  printLines(audit.stdout);
  assert.deepEqual(audit.stdout.match(/^[A-Z]\d\d(?= )/gm), ['T01']);
};
await conclude(start, checks, async () => {
  await machine.end();
  await emulator.close();
});
