// The commands of docs/setup.md, "By hand", pasted into one shell; then a job logs in with what they have made. After them, those of
// docs/aws.md; a function stands for the AWS CLI. `setup-page.test.ts` has the other commands of docs/setup.md.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type Administrator, PUBLIC_HOSTS } from '../../emulator/runner/administrator.ts';
import { startJob } from '../../emulator/runner/job.ts';
import { readCalls } from '../../emulator/runner/programs.ts';
import type { Emulator } from '../../emulator/server/start.ts';
import { blocksIn } from '../repo/workflow-text.ts';
import { describeWithShell } from '../unit/systems-with.ts';
import { paste, startNewDomain, withValues } from './by-hand.ts';

const read = (page: string) => readFileSync(path.join(import.meta.dirname, '../../docs', page), 'utf8');
/** The section of docs/setup.md whose heading begins so. */
const section = (heading: string) =>
  read('setup.md')
    .split(/^## /m)
    .find((text) => text.startsWith(heading)) ?? '';
const BLOCKS = blocksIn(section('By hand'), 'bash');

/** `oci iam policy create`, of which the stand-in for the OCI CLI only has the request below it. */
const OCI = `oci() {
  jq -n --arg c "$5" --arg n "$7" --arg d "$9" --argjson s "\${11}" \\
    '{ compartmentId: $c, name: $n, description: $d, statements: $s }' >policy.json
  command oci raw-request --http-method POST --request-body file://policy.json \\
    --target-uri https://${PUBLIC_HOSTS.iam[0]}/20160918/policies
}`;

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const start = () => startNewDomain(open);

/** Pastes the blocks, the first with the values of the emulated tenancy. */
function pasteBlocks(blocks: readonly string[], emulator: Emulator, machine: Administrator) {
  const { settings } = emulator.world;
  const [variables = '', ...rest] = blocks;
  const first = withValues(variables, {
    DOMAIN_URL: `https://${PUBLIC_HOSTS.domain}`,
    COMPARTMENT_OCID: settings.compartments.find(({ parent }) => parent !== undefined)?.id ?? '',
    REGION: settings.region,
  });
  return paste([OCI, first, ...rest], emulator, machine);
}

/** A job with the secret and the variables of the environment. @returns its exit code and output */
async function logIn(
  { world, env }: Emulator,
  { proxy }: Administrator,
  environment: string,
  inputs: Record<string, string> = {},
) {
  const stored = world.githubRest.repositories[0]?.environments.get('prod');
  const variable = (name: string) => stored?.variables.get(name) ?? '';
  const job = startJob({ env: { ...env, HTTPS_PROXY: proxy.url } });
  open.push(() => job.end());
  world.settings.githubClaims = { environment };
  return job.main({
    'domain-url': variable('OCI_DOMAIN_URL'),
    'client-id': variable('OCI_CLIENT_ID'),
    'client-secret': stored?.secrets.get('OCI_CLIENT_SECRET')?.value ?? '',
    region: variable('OCI_REGION'),
    audience: variable('OCI_AUDIENCE'),
    verify: 'true',
    ...inputs,
  });
}

describeWithShell('the commands of docs/setup.md', () => {
  it('set up a domain without a trust: a job of the environment logs in, and no other', async () => {
    const { emulator, administrator } = await start();
    const { stdout, stderr } = await pasteBlocks(BLOCKS, emulator, administrator);
    expect(stderr).toBe('');
    expect(stdout).toContain('There is no trust for this issuer.');
    const { directory, iam } = emulator.world;
    const [trust] = directory.all('IdentityPropagationTrusts');
    expect(trust?.['impersonationServiceUsers']).toHaveLength(1);
    expect([...iam.policies.values()].flatMap(({ statements }) => statements)).toHaveLength(1);
    expect(await logIn(emulator, administrator, 'prod')).toMatchObject({ exitCode: 0 });
    expect(await logIn(emulator, administrator, 'test')).toMatchObject({
      exitCode: 1,
      outputs: { 'failure-code': 'OCI_NO_RULE_MATCHED' },
    });
  });

  const blocks = BLOCKS.filter((block) => !block.includes('scim POST IdentityPropagationTrusts'));
  const OF_OTHERS = {
    name: 'of-others',
    type: 'JWT',
    active: true,
    issuer: `https://${PUBLIC_HOSTS.github}`,
    publicKeyEndpoint: `https://${PUBLIC_HOSTS.github}/.well-known/jwks`,
    subjectType: 'User',
    subjectClaimName: 'sub',
    allowImpersonation: true,
    clientClaimName: 'aud',
    clientClaimValues: ['https://cloud.oracle.com'],
    oauthClients: ['z', 'a'],
    impersonationServiceUsers: [
      { rule: 'sub eq repo:zulu/app:environment:prod', value: 'u2' },
      { rule: 'sub eq repo:alpha/app:environment:prod', value: 'u1' },
    ],
  };

  it('append to a trust of others, whose rules and clients keep their order', async () => {
    const { emulator, administrator } = await start();
    const { directory } = emulator.world;
    const { id } = directory.insert('IdentityPropagationTrusts', OF_OTHERS);
    const { stderr } = await pasteBlocks(blocks, emulator, administrator);
    expect(stderr).toBe('');
    const { oauthClients, clientClaimValues, impersonationServiceUsers } = OF_OTHERS;
    expect(directory.get('IdentityPropagationTrusts', id)).toMatchObject({
      oauthClients: [...oauthClients, expect.any(String)],
      clientClaimValues: [...clientClaimValues, `https://${PUBLIC_HOSTS.domain}`],
      impersonationServiceUsers: [
        ...impersonationServiceUsers,
        { rule: 'sub eq repo:acme/infra:environment:prod', value: expect.any(String) },
      ],
    });
    expect(await logIn(emulator, administrator, 'prod')).toMatchObject({ exitCode: 0 });
  });

  it('change nothing when somebody else has changed the trust meanwhile', async () => {
    const { emulator, administrator } = await start();
    const { directory, settings } = emulator.world;
    const { id } = directory.insert('IdentityPropagationTrusts', OF_OTHERS);
    const oauthClients = ['z', 'a', 'new'];
    settings.scim.beforeWrite = ({ resource }) => {
      if (resource === 'IdentityPropagationTrusts') directory.update(resource, id, { oauthClients });
    };
    const { stderr } = await pasteBlocks(blocks, emulator, administrator);
    expect(stderr).toContain('"412"');
    expect(directory.get('IdentityPropagationTrusts', id)).toMatchObject({ ...OF_OTHERS, oauthClients });
  });
});

describeWithShell('the commands of docs/setup.md, when a step fails', () => {
  it('store no empty secret if the domain returns none', async () => {
    const { emulator, administrator } = await start();
    emulator.world.settings.scim.clientSecret = 'empty';
    const { stderr } = await pasteBlocks(BLOCKS, emulator, administrator);
    expect(stderr).toContain('The domain returned no secret');
    const stored = emulator.world.githubRest.repositories[0]?.environments.get('prod');
    expect([...(stored?.secrets.keys() ?? [])]).toEqual([]);
  });

  it('add no rule if GitHub does not say which subject the repository sends', async () => {
    const { emulator, administrator } = await start();
    const [variables = '', ...rest] = BLOCKS;
    const blocks = [variables.replace('acme/infra', 'acme/unknown'), ...rest];
    const { stderr } = await pasteBlocks(blocks, emulator, administrator);
    expect(stderr).toContain('SUBJECT');
    expect(emulator.world.directory.all('IdentityPropagationTrusts')).toEqual([]);
  });
});

describeWithShell('the commands of docs/setup.md for sessions without a user', () => {
  const [trust = ''] = blocksIn(section('Sessions without a user'), 'bash');
  const isLeftOut = (block: string) => /^(SERVICE_USER|GROUP_ID|STATEMENTS|TRUST)=|\$TRUST_ID/m.test(block);

  it('let a job log in as a resource', async () => {
    const { emulator, administrator } = await start();
    const all = [...BLOCKS.filter((block) => !isLeftOut(block)), trust];
    const { stdout, stderr } = await pasteBlocks(all, emulator, administrator);
    expect(stderr).toBe('');
    expect(stdout).toContain('"subjectType": "Resource"');
    const inputs = { 'token-type': 'rpst', 'resource-type': 'github-acme' };
    expect(await logIn(emulator, administrator, 'prod', inputs)).toMatchObject({ exitCode: 0 });
  });
});

const ACCOUNT = '123456789012';

/** `aws`, which prints the caller and writes its other arguments to a file. */
const AWS = `aws() {
  if [ "$1" = sts ]; then echo arn:aws:iam::${ACCOUNT}:user/administrator; else jq -cn '$ARGS.positional' --args -- "$@" >>aws.jsonl; fi
}`;

describeWithShell('the commands of docs/aws.md', () => {
  const [, awsByHand = ''] = read('aws.md').split('\n## By hand\n');

  it('let a job of the environment assume the role, and show the old issuer', async () => {
    const { emulator, administrator } = await start();
    const { settings, directory, githubRest } = emulator.world;
    const all = [...BLOCKS, AWS, ...blocksIn(awsByHand, 'bash')];
    const { stdout, stderr } = await pasteBlocks(all, emulator, administrator);
    expect(stderr).toBe('');
    const issuer = `https://${PUBLIC_HOSTS.domain}`;
    expect(stdout).toContain('"prevIssuer": "https://identity.oraclecloud.com/"');
    const afterSettings = stdout.slice(stdout.lastIndexOf('prevIssuer'));
    expect(afterSettings).toMatch(/^true$/m); // the discovery document has the new issuer
    const client = directory.find('Apps', 'displayName', 'github-actions-aws')?.['name'];
    const [claims = '{}'] = /\{[^{}]*"tok_type"[^{}]*\}/.exec(stdout) ?? [];
    expect(JSON.parse(claims)).toMatchObject({ iss: issuer, sub: client, lifetime: 3600 });
    expect([JSON.parse(claims).aud].flat()).toEqual(['sts.amazon.com']);

    const calls = readCalls(path.join(administrator.home, 'aws.jsonl'));
    const optionOf = (command: string, name: string) => {
      const call = calls.find(([, one]) => one === command) ?? [];
      return call[call.indexOf(name) + 1] ?? '';
    };
    const url = optionOf('create-open-id-connect-provider', '--url');
    const clientIds = [optionOf('create-open-id-connect-provider', '--client-id-list')];
    const stored = githubRest.repositories[0]?.environments.get('prod');
    const arn = stored?.variables.get('AWS_ROLE') ?? '';
    settings.iamProviders = [{ account: ACCOUNT, url, clientIds }];
    const trustPolicy = JSON.parse(optionOf('create-role', '--assume-role-policy-document'));
    settings.roles = [{ arn, maxSessionDuration: 3600, trustPolicy }];
    expect(arn).toBe(`arn:aws:iam::${ACCOUNT}:role/${optionOf('put-role-policy', '--role-name')}`);
    expect(JSON.parse(optionOf('put-role-policy', '--policy-document'))).toHaveProperty('Statement');
    const { exitCode, outputs } = await logIn(emulator, administrator, 'prod', {
      'aws-role-arn': arn,
      'aws-region': 'us-east-1',
      'aws-client-id': stored?.variables.get('OCI_AWS_CLIENT_ID') ?? '',
      'aws-client-secret': stored?.secrets.get('OCI_AWS_CLIENT_SECRET')?.value ?? '',
    });
    expect([exitCode, outputs['failure-code'], outputs['aws-account-id']]).toEqual([0, undefined, ACCOUNT]);
  });

  const [variables = '', app = '', ...rest] = blocksIn(awsByHand, 'bash');

  it('store no empty secret if the domain returns none', async () => {
    const { emulator, administrator } = await start();
    emulator.world.settings.scim.clientSecret = 'empty';
    const { stderr } = await pasteBlocks([...BLOCKS, AWS, variables, app], emulator, administrator);
    expect(stderr).toMatch(/^The domain returned no secret.*\n$/); // from the steps of docs/setup.md
    const stored = emulator.world.githubRest.repositories[0]?.environments.get('prod');
    expect([...(stored?.secrets.keys() ?? [])]).toEqual([]);
    expect(stored?.variables.get('OCI_AWS_CLIENT_ID')).toMatch(/./);
  });

  it('make no role without an application', async () => {
    const { emulator, administrator } = await start();
    const failing = app.replace('scim POST Apps', 'scim POST Unknown');
    const all = [...BLOCKS, AWS, variables, failing, ...rest];
    const { stderr } = await pasteBlocks(all, emulator, administrator);
    expect(stderr).toContain('AWS_CLIENT_ID');
    expect(readCalls(path.join(administrator.home, 'aws.jsonl'))).toEqual([]);
  });
});
