// Writes docs/troubleshooting.md from the error table; with --check, fails when the committed page differs.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CODES, type CodeEntry, type ErrorCode, helpPath } from '../src/errors/codes.ts';

const page = path.join(import.meta.dirname, '../docs/troubleshooting.md');

interface Group {
  title: string;
  codes: RegExp;
  intro: string;
}

/** Each code belongs to the first group that matches. */
const GROUPS: readonly Group[] = [
  {
    title: 'Inputs',
    codes: /^INPUT_/,
    intro: 'The message names all wrong inputs together. No request was sent.',
  },
  {
    title: 'ID token',
    codes: /^GITHUB_/,
    intro: 'First, the job requests from GitHub a signed ID token that identifies the job.',
  },
  {
    title: 'Identity domain',
    codes: /^OCI_(?!SESSION|CLOCK|NOT_AUTHORIZED|SERVICE|REALM)/,
    intro:
      'The domain authenticates the application by its secret, and the job by a trust for its ID token. [setup.md](setup.md) sets\nup both, and lists the [known error texts of domains](setup.md#check). The message shows issuer, audience and subject of the ID token.',
  },
  {
    title: 'Session',
    codes: /^(UPST|SESSION)_/,
    intro: 'The action verifies the session token before it writes anything.',
  },
  {
    title: 'Verification (`verify`)',
    codes: /^OCI_/,
    intro:
      'With `verify`, the action sends one request that is signed with the new session, before it writes anything.',
  },
  {
    title: 'Profiles and files',
    codes: /^(EXPORT|PROFILE|CONFIG|PATH|FILES)_/,
    intro:
      'The OCI config file and, with `aws-profile`, the two files of AWS. The message names the file. A failed login removes\nwhat it wrote.',
  },
  {
    title: 'AWS',
    codes: /^AWS_/,
    intro:
      '[aws.md](aws.md) sets up both sides. The login sends the token to STS unless AWS certainly refuses it. After\n`InvalidIdentityToken` it fetches the discovery document and the keys of the domain to name the cause. `OCI_SCOPE_REFUSED` and `OCI_ACCESS_TOKEN_REFUSED`, above, also belong to the AWS login.',
  },
  {
    title: 'Network and time',
    codes: /^(TLS|PROXY|DEADLINE)_/,
    intro:
      'These codes apply to GitHub, the domain, OCI and AWS. The message begins with the request that failed.',
  },
  { title: 'Other', codes: /^/, intro: 'These codes belong to no single service.' },
];

const INTRO = `# Troubleshooting

<!-- Generated from src/errors/ by "npm run docs". Edit it there. -->

A login that fails removes what it has written, and writes one line to the log:

\`\`\`text
Error: OCI_NO_RULE_MATCHED: The domain refused the exchange (401): unauthorized_client: No rules matched from given token
to find impersonation user. The job's token has iss=https://token.actions.githubusercontent.com
aud=https://cloud.oracle.com sub=repo:acme/infra:environment:prod. Add the rule … Request ID: 4F2A…. See
https://github.com/org/oci-wif-action/blob/v1/docs/troubleshooting.md#oci_no_rule_matched
\`\`\`

1. The **code**, \`OCI_NO_RULE_MATCHED\`. Codes are stable, and each has a heading on this page.
2. **What happened**, with the text of the service that refused, and the claims that it received. Tokens and secrets never
   appear.
3. **What to do.**
4. The **request ID** of the service. OCI: search for it in the audit log of the tenancy, and give it to support. AWS: search
   for the event \`AssumeRoleWithWebIdentity\` in CloudTrail of the role's account, in the region of the endpoint.
5. The **link** to the heading of the code on this page, which lists its causes, most likely first.

The job summary adds details, such as the claims of the ID token that a trust can compare, and texts to copy.

**To react to a code**, read the output \`failure-code\`, which a failed login sets:

\`\`\`yaml
- if: failure() && steps.oci.outputs.failure-code == 'OCI_RATE_LIMITED'
  run: echo "::notice::Too many logins at once; lower max-parallel."
\`\`\`

**To see more**, run the job again with debug logging: select it in the dialog "Re-run jobs", or set the variable
\`ACTIONS_STEP_DEBUG\` to \`true\`. The log then has one line for each request, and the stack of a failure. Each wait before a
retry has a line in the log anyway. The action retries after network errors, 408, 429, 5xx and errors that a service itself
calls temporary, such as \`Throttling\`; never after another refusal.

If the login succeeds and a *later* step is refused, no code of this page applies: see [setup.md](setup.md#check)
for OCI, [the end of aws.md](aws.md#common-errors) for AWS, and [Terraform](#terraform) below.
`;

const LATER_STEPS = `## Terraform

Oracle's provider reports most failures of its login with this sentence, or with \`private key\` in place of \`tenancy\`:

\`\`\`text
can not create client, bad configuration: did not find a proper configuration for tenancy
\`\`\`

The failure can also be \`NotAuthenticated\` (401). Causes, most likely first:

1. With \`export-for: terraform\`, the provider's own exchange was refused. The provider hides the reason. Run the
   [doctor](diagnosis.md), which shows it.
2. The step runs in another job than the login, or after the session ended.
3. The provider is older than 8.22.0, which \`export-for: terraform\` needs. Use \`terraform-session\`.
4. OCI grants sessions of five minutes or less, which the provider treats as expired. The login warns. Use \`terraform-session\`.
5. A \`provider\` block has \`auth\`, \`config_file_profile\` or arguments of an API key, which override the variables. Remove them.
6. The domain or the proxy has a certificate of a private CA. Set \`SSL_CERT_FILE\` and \`OCI_DEFAULT_CERTS_PATH\`.

\`configuration file did not contain profile\`: a setting overrides the profile of the login. Remove
\`config_file_profile\` from the block and \`TF_VAR_config_file_profile\` from the job.
`;

function render(): string {
  const codes = Object.keys(CODES) as ErrorCode[];
  const groups = GROUPS.map((group) => ({
    ...group,
    members: codes.filter((code) => GROUPS.find((other) => other.codes.test(code)) === group),
  }));
  const contents = groups.map(({ title, members }) => `- ${title}: ${members.map(linkTo).join(', ')}`);
  const sections = groups.map(
    ({ title, intro, members }) => `## ${title}\n\n${intro}\n\n${members.map(renderCode).join('\n')}`,
  );
  return [
    INTRO,
    `## Contents\n\n${contents.join('\n')}\n- Later steps: [Terraform](#terraform)\n`,
    ...sections,
    LATER_STEPS,
  ].join('\n');
}

function linkTo(code: ErrorCode): string {
  return `[\`${code}\`](${helpPath(code).replace(/^.*#/, '#')})`;
}

function renderCode(code: ErrorCode): string {
  const { title, remedy, causes }: CodeEntry = CODES[code];
  const list = causes.map((cause, index) => `${index + 1}. ${cause}`).join('\n');
  return `### ${code}\n\n${title}\n\n**What to do:** ${remedy}\n\nCauses, most likely first:\n\n${list}\n`;
}

if (process.argv.includes('--check')) {
  if ((await readFile(page, 'utf8').catch(() => '')) !== render()) {
    console.error('docs/troubleshooting.md is stale: run "npm run docs" and commit the result.');
    process.exitCode = 1;
  }
} else await writeFile(page, render());
