// Holds the advice to docs/setup.md, and its texts to the languages that they are pasted into.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ruleSnippets, type TrustedJob, trustSnippets } from '../../../src/diagnosis/trust-template.ts';
import { describeWithShell, itWithShell } from '../systems-with.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/setup.md'), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );

const snippetOf = (job: TrustedJob, title: RegExp) =>
  [...ruleSnippets(job), ...trustSnippets(job)].find((snippet) => title.test(snippet.title))?.text ?? '';
const trustAsJson = (job: TrustedJob) => snippetOf(job, /as JSON/);
const trustAsCommand = (job: TrustedJob) => snippetOf(job, /whole trust with the OCI CLI/);
const trustAsTerraform = (job: TrustedJob) => snippetOf(job, /in Terraform/);
const ruleFor = (job: TrustedJob) => snippetOf(job, /rule for the subject/);
const ruleAsCommand = (job: TrustedJob) => snippetOf(job, /Add the rule/);

const documented: TrustedJob = {
  domain: 'https://idcs-00000000000000000000000000000000.identity.oraclecloud.com',
  clientId: '<client id>',
  issuer: 'https://token.actions.githubusercontent.com',
  keysUrl: 'https://token.actions.githubusercontent.com/.well-known/jwks',
  audience: 'https://cloud.oracle.com',
  subject: 'repo:acme/infra:environment:prod',
  resourceType: undefined,
};
const resource: TrustedJob = { ...documented, resourceType: 'github-acme' };
const hostile: TrustedJob = {
  ...documented,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a subject that could open a template
  subject: 'repo:a\'b/"c":environment:${x} %{y} $(id) `id` \\ $$ JSON',
};

/** Names of the arguments on the first level of a block, as Terraform aligns them. */
const argumentsOf = (resource: string) => [...resource.matchAll(/^ {2}(\w+) *=/gm)].map(([, name]) => name);

/** What the commands of docs/setup.md that create a trust send, with the values of a job. */
function bodiesInSetup(job: TrustedJob): unknown[] {
  const variables = {
    ISSUER: job.issuer,
    JWKS_URI: job.keysUrl,
    AUDIENCE: job.audience,
    CLIENT_ID: job.clientId,
    USER_ID: '<SCIM id of the service user>',
    SUBJECT: job.subject,
  };
  const scim = 'scim() { cat >&3; }; exec 3>&1 >/dev/null';
  const creating = blocks('bash').filter((text) => text.includes('scim POST IdentityPropagationTrusts'));
  const [base = ''] = /^BASE=[\s\S]*?^\}'\)$/m.exec(page) ?? [];
  return creating.map((text) => {
    const env = { ...process.env, ...variables };
    const sent = spawnSync('bash', ['-c', `${base}\n${scim}\n${text}`], { encoding: 'utf8', env }).stdout;
    return JSON.parse(sent) as unknown;
  });
}

itWithShell('the trust is the one that docs/setup.md creates', () => {
  for (const job of [documented, resource])
    expect(bodiesInSetup(job)).toContainEqual(JSON.parse(trustAsJson(job)));
});

describe('the trust', () => {
  it('has one `claim_validations` block, and no user rules, for a resource', () => {
    const advised = trustAsTerraform(resource);
    const forUsers = argumentsOf(trustAsTerraform(documented));
    expect(argumentsOf(advised).filter((name) => !forUsers.includes(name))).toEqual([
      'impersonating_resource',
    ]);
    expect(advised).toContain('subject_type           = "Resource"');
    expect(advised).toMatch(/^ {2}claim_validations \{\n {4}name +=.*\n {4}value += "repo:acme\/infra/m);
    expect(advised).not.toContain('service_user');
  });

  it('opens no template in Terraform', () => {
    const text = trustAsTerraform(hostile);
    expect(text).toContain('$${x} %%{y}');
    expect(text).not.toMatch(/(?<!\$)\$\{|(?<!%)%\{/);
  });
});

/** Runs a command as pasted, with an `oci` that answers from a file and shows what it was given. */
function paste(command: string, answer = ''): string {
  const oci = `oci() { if [ "$3" = get ]; then printf '%s' "$ANSWER"; else printf '%s\\0' "$@"; fi; }`;
  const inDirectory = 'cd "$(mktemp -d)" || exit 1';
  const script = [inDirectory, oci, command, '[ ! -f trust.json ] || cat trust.json'].join('\n');
  return execFileSync('bash', ['-c', script], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...process.env, ANSWER: answer },
  });
}

describeWithShell.each([
  ['a plain subject', documented],
  ['a resource', { ...hostile, resourceType: "it's $(id)" }],
  ['a subject made to break out', hostile],
])('pasted into a shell, %s', (_what, job) => {
  it('creates the trust', () => {
    const [args, body] = paste(trustAsCommand(job)).split(/\0(?=\{)/);
    expect(args?.split('\0').slice(2)).toEqual([
      'create',
      '--endpoint',
      job.domain,
      '--from-json',
      'file://trust.json',
    ]);
    expect(JSON.parse(body ?? '')).toEqual(JSON.parse(trustAsJson(job)));
  });

  it('adds the rule and keeps the existing ones', () => {
    const old = { rule: 'sub eq x', value: 'u' };
    const answer = JSON.stringify({ data: { 'impersonation-service-users': [{ ...old, ocid: 'o' }] } });
    const args = paste(ruleAsCommand(job), answer).split('\0');
    expect(args.slice(2, 7)).toEqual([
      'patch',
      '--endpoint',
      job.domain,
      '--identity-propagation-trust-id',
      '<id of the trust>',
    ]);
    const operations: unknown = JSON.parse(args[args.indexOf('--operations') + 1] ?? '');
    const added = { rule: ruleFor(job), value: '<SCIM id of the service user>' };
    expect(operations).toEqual([{ op: 'replace', path: 'impersonationServiceUsers', value: [old, added] }]);
  });
});

itWithShell('adds no rule when those that are there cannot be read', () => {
  for (const answer of ['{"data":{}}', '', 'x']) expect(paste(ruleAsCommand(documented), answer)).toBe('');
});
