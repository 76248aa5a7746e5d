// Writes docs/troubleshooting.md from the error table; with --check, fails when the committed page differs.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CODES, type CodeEntry, type ErrorCode } from '../src/errors/codes.ts';

const page = path.join(import.meta.dirname, '../docs/troubleshooting.md');

interface Group {
  title: string;
  codes: RegExp;
  intro: string;
}

/** Each code belongs to the first group that matches. */
const GROUPS: readonly Group[] = [
  { title: 'Inputs', codes: /^INPUT_/, intro: 'No request was sent.' },
  { title: 'ID token', codes: /^GITHUB_/, intro: 'The job requests a signed ID token from GitHub.' },
  {
    title: 'Identity domain',
    codes: /^OCI_(?!SESSION|CLOCK|NOT_AUTHORIZED|SERVICE|REALM)/,
    intro:
      'The domain exchanges the ID token for a session. [setup.md](setup.md) sets up application and trust.',
  },
  {
    title: 'Session',
    codes: /^(UPST|SESSION)_/,
    intro: 'The action checks the session token before it writes anything.',
  },
  {
    title: 'Verification (`verify`)',
    codes: /^OCI_/,
    intro: `With \`verify: true\`, the login sends \`GET /n/\` to Object Storage, signed with the new session. [This call needs no
policy](https://docs.oracle.com/en-us/iaas/Content/Identity/Reference/objectstoragepolicyreference.htm): it shows that OCI accepts
the signature, and not what policies allow.`,
  },
  {
    title: 'Profiles and files',
    codes: /^(EXPORT|PROFILE|CONFIG|PATH|FILES)_/,
    intro: '',
  },
  { title: 'AWS', codes: /^AWS_/, intro: '[aws.md](aws.md) sets up both sides.' },
  {
    title: 'Network and time',
    codes: /^(TLS|PROXY|DEADLINE)_/,
    intro: '',
  },
  { title: 'Other', codes: /^/, intro: '' },
];

const INTRO = `# Troubleshooting

<!-- Generated from src/errors/ by "npm run docs". Edit it there. -->

A login that fails removes what it has written, and logs one line:

\`\`\`text
Error: OCI_NO_RULE_MATCHED: No rule of the identity propagation trust matches this job. Add the rule
\`sub eq repo:acme/infra:environment:prod\` to the trust, exactly as here, without " or '. The domain idcs-….identity.oraclecloud.com
responded with 401: unauthorized_client: No rules matched from given token to find impersonation user. The job's token has iss=… aud=… sub=… Request ID: 4F2A…. See https://github.com/…#oci_no_rule_matched
\`\`\`

1. **Code**, also the output \`failure-code\`. Codes are stable. Each has a heading below.
2. **What happened**, and **what to do**.
3. **Evidence**: the text of the service that refused, and the claims that it received. No token or secret appears.
4. **Request ID** of the service: search for it in the audit log of the tenancy, or in CloudTrail
   (\`AssumeRoleWithWebIdentity\`, in the account of the role).
5. **Link** to the heading below. It repeats what to do in bold, and lists causes, most likely first.

To react to a code, read the output:

\`\`\`yaml
- if: failure() && steps.oci.outputs.failure-code == 'OCI_RATE_LIMITED'
  run: echo "::notice::Too many logins at once; lower max-parallel."
\`\`\`

To see each request and the stack, run the job again with debug logging.

The action retries after network errors, 408, 429, 5xx and errors that a service calls temporary, and logs each wait.

If a *later* step is refused, see [setup.md](setup.md#check) for OCI, [aws.md](aws.md#common-errors) for AWS, and
[Terraform](#terraform).
`;

const LATER_STEPS = `## Terraform

Oracle's provider reports most failures of its login so, or with \`private key\` in place of \`tenancy\`:

\`\`\`text
can not create client, bad configuration: did not find a proper configuration for tenancy
\`\`\`

Causes, most likely first. They can also lead to \`NotAuthenticated\` (401).

1. With \`export-for: terraform\`, the provider's own exchange was refused. Run the [doctor](diagnosis.md#the-doctor).
2. The step runs in another job than the login, or after the session ended.
3. The provider is older than 8.22.0, or sessions last five minutes or less. Use \`export-for: terraform-session\`.
4. A \`provider\` block has \`auth\`, \`config_file_profile\` or arguments of an API key. Remove them.
5. A certificate is of a private CA. Set \`SSL_CERT_FILE\` and \`OCI_DEFAULT_CERTS_PATH\`.

\`configuration file did not contain profile\`: remove \`config_file_profile\` from the block and \`TF_VAR_config_file_profile\` from the
job.
`;

function render(): string {
  const codes = Object.keys(CODES) as ErrorCode[];
  const groups = GROUPS.map((group) => ({
    ...group,
    members: codes.filter((code) => GROUPS.find((other) => other.codes.test(code)) === group),
  }));
  const sections = groups.map(({ title, intro, members }) =>
    [`## ${title}\n`, ...(intro === '' ? [] : [`${intro}\n`]), ...members.map(renderCode)].join('\n'),
  );
  return [INTRO, ...sections, LATER_STEPS].join('\n');
}

function renderCode(code: ErrorCode): string {
  const { title, remedy, causes }: CodeEntry = CODES[code];
  const list = causes.map((cause) => `- ${cause}`).join('\n');
  return `### ${code}\n\n${title} **${remedy}**\n\n${list}\n`;
}

if (process.argv.includes('--check')) {
  if ((await readFile(page, 'utf8').catch(() => '')) !== render()) {
    console.error('docs/troubleshooting.md is stale: run "npm run docs" and commit the result.');
    process.exitCode = 1;
  }
} else await writeFile(page, render());
