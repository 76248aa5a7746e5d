// Writes `docs/troubleshooting.md` from the remedies and the catalogue; with --check, says whether the committed page is
// what they give. What stands here is what holds for all codes.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../src/errors/action-error.ts';
import { CATALOGUE, pageOf } from '../src/errors/codes.ts';
import { REMEDIES } from '../src/errors/remedies.ts';

const page = path.join(import.meta.dirname, '../docs/troubleshooting.md');

interface Group {
  title: string;
  codes: RegExp;
  /** What holds for all of them. */
  intro: string;
}

/** A code belongs to the first group that fits; the last takes all that are left. */
const GROUPS: readonly Group[] = [
  {
    title: 'Inputs',
    codes: /^INPUT_/,
    intro:
      'All wrong inputs are reported together, in the spelling of the workflow, before the first request.',
  },
  {
    title: "The job's identity",
    codes: /^GITHUB_/,
    intro: 'The first step of a login: the job asks GitHub for a signed token that says which job it is.',
  },
  {
    title: 'The identity domain',
    codes: /^OCI_(?!SESSION|CLOCK|NOT_AUTHORIZED|SERVICE|REALM)/,
    intro:
      "The domain checks the application by its secret and the job's token by its trust. [setup.md](setup.md) sets up both; its\nstep 7 has the texts that domains are known to answer with. A refusal shows issuer, audience and subject of the job's token.",
  },
  {
    title: 'The session token',
    codes: /^UPST_/,
    intro: 'A token fresh from the exchange is checked before anything is written.',
  },
  {
    title: 'Asking OCI itself',
    codes: /^OCI_/,
    intro: 'Only with `verify`: one signed call with the new session, before anything is written.',
  },
  {
    title: 'Profiles and files',
    codes: /^(PROFILE|CONFIG|PATH|FILES)_/,
    intro:
      'The OCI config and, with `aws-profile`, the two files of AWS. The message names the file. Whatever a failed login had begun\nto write has been taken back.',
  },
  {
    title: 'AWS',
    codes: /^AWS_/,
    intro:
      '[aws.md](aws.md) sets up both sides. `AWS_ISSUER_UNUSABLE`, `AWS_AUDIENCE_MISMATCH` and `AWS_SIGNING_KEYS_HIDDEN` are found\nbefore STS is asked; `OCI_SCOPE_REFUSED` and `OCI_ACCESS_TOKEN_REFUSED`, above, belong to this way too.',
  },
  {
    title: 'Network and time',
    codes: /^(TLS|PROXY|DEADLINE)_/,
    intro:
      'The way to GitHub, to the domain and to AWS alike; the message begins with what was being asked for.',
  },
  { title: 'Others', codes: /^/, intro: 'What belongs to no single service.' },
];

const INTRO = `# Troubleshooting

<!-- Written by "npm run docs" from src/errors/; changes belong there. -->

A login that fails says so in one line, and changes nothing:

\`\`\`text
Error: OCI_NO_RULE_MATCHED: The domain refused the exchange (401): unauthorized_client: No rules matched from given token
to find impersonation user. The job's token has iss=https://token.actions.githubusercontent.com
aud=https://cloud.oracle.com sub=repo:acme/infra:environment:prod. Compare the token's subject with … Request id: 4F2A….
\`\`\`

1. The **code**, \`OCI_NO_RULE_MATCHED\`. Codes are stable; each has a heading on this page.
2. **What happened**, with the text of the service that refused, and what it was shown. Tokens and secrets never appear.
3. **What to do.**
4. The **request id**, under which the service knows this request. OCI: for the audit log of the tenancy and for support. AWS:
   the event \`AssumeRoleWithWebIdentity\` in CloudTrail of the role's account, in the region of the endpoint.

The job summary has the same in long form: likely causes, the claims of the job's token that a trust can compare, and a link
to this page. Under each code, causes are listed with the most usual first.

**To act on a code**, read the output \`failure-code\`, which is set when the login failed:

\`\`\`yaml
- if: failure() && steps.oci.outputs.failure-code == 'OCI_RATE_LIMITED'
  run: echo "::notice::Too many logins at once; lower max-parallel."
\`\`\`

**To see more**, run the job again with debug logging (a box in the dialogue "Re-run jobs", or the variable
\`ACTIONS_STEP_DEBUG\` set to \`true\`): a failure then shows its stack, and each request has a line. Each wait before another try is a line in the log
anyway. Repeated are network errors, 408, 429, 5xx and what a service itself calls passing, such as \`Throttling\`; never another
refusal.

If the login succeeds and a *later* step is refused, no code of this page applies: see [step 7 of setup.md](setup.md#7-check)
for OCI and [the end of aws.md](aws.md#common-breakpoints) for AWS.
`;

function anchorOf(code: ErrorCode): string {
  return pageOf(code).replace(/^.*#/, '#');
}

function render(): string {
  const left = new Set(Object.keys(REMEDIES) as ErrorCode[]);
  const groups = GROUPS.map(({ codes, ...group }) => {
    const own = [...left].filter((code) => codes.test(code));
    for (const code of own) left.delete(code);
    return { ...group, own };
  }).filter(({ own }) => own.length > 0);
  const contents = groups.map(
    ({ title, own }) => `- ${title}: ${own.map((code) => `[\`${code}\`](${anchorOf(code)})`).join(', ')}`,
  );
  const sections = groups.map(
    ({ title, intro, own }) => `## ${title}\n\n${intro}\n\n${own.map(renderCode).join('\n')}`,
  );
  return [INTRO, `## Contents\n\n${contents.join('\n')}\n`, ...sections].join('\n');
}

function renderCode(code: ErrorCode): string {
  const { happened, causes } = CATALOGUE[code];
  const list = causes.map((cause, index) => `${index + 1}. ${cause}`).join('\n');
  return `### ${code}\n\n${happened}\n\n${list}\n\n**What to do:** ${REMEDIES[code]}\n`;
}

if (process.argv.includes('--check')) {
  if ((await readFile(page, 'utf8').catch(() => '')) !== render()) {
    console.error('docs/troubleshooting.md is stale: run "npm run docs" and commit the result.');
    process.exitCode = 1;
  }
} else await writeFile(page, render());
