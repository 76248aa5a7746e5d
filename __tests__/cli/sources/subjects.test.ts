// The rule that fits a token of each system, and that it accepts no token of another customer, project or branch.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { adviseOnToken, issuerName } from '../../../cli/sources/subjects.ts';
import { type CiSystem, SYSTEMS } from '../../../emulator/issuers/systems.ts';
import { compareRule } from '../../../src/diagnosis/rule-comparison.ts';
import { ruleFor } from '../../../src/diagnosis/trust-template.ts';
import { trustRules } from '../../../src/inputs/trust-rule.ts';

type Claims = Readonly<Record<string, string>>;

const ORIGINS: Partial<Record<CiSystem, string>> = {
  gitlab: 'https://gitlab.com',
  forgejo: 'https://git.example',
  bitbucket: 'https://api.bitbucket.org',
  'azure-devops': 'https://login.microsoftonline.com',
  circleci: 'https://oidc.circleci.com',
  buildkite: 'https://agent.buildkite.com',
  'hcp-terraform': 'https://app.terraform.io',
};

/** Of the emulated job, with the issuer of the real system. */
function claimsOf(system: CiSystem, form: 'old' | 'new' = 'new'): Claims {
  const { claims, issuerPath, fixedAudience = 'https://cloud.oracle.com' } = SYSTEMS[system];
  const azure = form === 'old' ? 'https://vstoken.dev.azure.com' : ORIGINS['azure-devops'];
  const origin = (system === 'azure-devops' ? azure : ORIGINS[system]) ?? 'https://ci.example';
  const texts = Object.entries(claims(form, origin)).filter(([, value]) => typeof value === 'string');
  return { ...Object.fromEntries(texts), iss: origin + issuerPath(form), aud: fixedAudience } as Claims;
}

const UUID = '{437da666-7aab-4b60-a947-ec542536ca0d}';
const CIRCLECI = 'org/3c1d2f5a-9a4e-4d87-8b1f-6e5d4c3b2a19/project/d4c3b2a1-0f9e-4d8c-b7a6-958473625140';

function matches(rule: string | undefined, claims: Claims): boolean {
  const [parsed] = rule === undefined ? [] : trustRules(ruleFor(rule));
  return parsed !== undefined && compareRule(parsed, claims).matches;
}

describe('adviseOnToken', () => {
  it.each<[CiSystem, 'old' | 'new', name: string, subject: string, note: RegExp]>([
    [
      'gitlab',
      'new',
      'GitLab',
      'project_path:acme/infra:ref_type:branch:ref:main',
      /sub eq project_path:acme\/infra:\*/,
    ],
    ['bitbucket', 'new', 'Bitbucket', `${UUID}:*`, /UUID of the step differs from run to run/],
    ['azure-devops', 'old', 'Azure DevOps', 'sc://acme/infra/oci', /may use the service connection/],
    [
      'azure-devops',
      'new',
      'Azure DevOps',
      String(claimsOf('azure-devops')['sub']),
      /--audience` has no effect/,
    ],
    ['circleci', 'old', 'CircleCI', `${CIRCLECI}/*`, /user who started the job differs/],
    ['circleci', 'new', 'CircleCI', `${CIRCLECI}/*`, /cannot select a branch/],
    [
      'buildkite',
      'new',
      'Buildkite',
      'organization:acme:pipeline:infra:ref:refs/heads/main:commit:*',
      /All customers of Buildkite share this issuer/,
    ],
    [
      'hcp-terraform',
      'new',
      'HCP Terraform',
      'organization:acme:project:Default Project:workspace:infra:run_phase:apply',
      /plan and apply need a rule each/,
    ],
    ['kubernetes', 'new', 'Kubernetes', 'system:serviceaccount:deploy:oci-deployer', /`aud` is a list/],
    ['forgejo', 'new', 'Forgejo', 'repo:acme-1001/infra-2002:ref:refs/heads/main', /^$/],
    ['jenkins', 'new', 'ci.example', 'https://ci.example/job/infra/', /^`--audience` has no effect/],
  ])('returns the rule for a token of %s, in its %s form', (system, form, name, subject, note) => {
    const claims = claimsOf(system, form);
    const advice = adviseOnToken(claims);
    expect([issuerName(claims), advice.subject]).toEqual([name, subject]);
    expect(advice.notes.join(' ')).toMatch(note);
    expect(matches(advice.subject, claims)).toBe(true);
  });

  it('recognises a system that is known by its variables at any issuer', () => {
    const claims: Claims = { ...claimsOf('circleci'), iss: 'https://localhost:1234' };
    expect(adviseOnToken(claims).subject).toBe(claims['sub']);
    expect(adviseOnToken(claims, 'circleci')).toMatchObject({
      subject: `${CIRCLECI}/*`,
      trustName: 'circleci',
    });
  });

  it('says so when the audience is a list', () => {
    const { notes } = adviseOnToken({ ...claimsOf('bitbucket'), aud: 'one,two' });
    expect(notes).toContainEqual(expect.stringContaining('The claim `aud` is a list.'));
  });

  it('limits a step of Bitbucket to its environment', () => {
    const sub = `${UUID}:{environment}:{step}`;
    expect(adviseOnToken({ ...claimsOf('bitbucket'), sub }).subject).toBe(`${UUID}:{environment}:*`);
  });

  it.each<[CiSystem, sub: string]>([
    ['buildkite', 'organization:acme:pipeline:infra:ref:refs/heads/main:commit:x:commit:abc:step:a'],
    ['buildkite', 'organization:acme:pipeline:infra:ref:refs/heads/a:b:commit:abc:step:a'],
    ['buildkite', 'organization:acme:pipeline:infra:ref:refs/heads/*:commit:abc:step:a'],
    ['gitlab', 'project_path:acme/infra:ref_type:branch:ref:release-*'],
    ['gitlab', 'project_path:acme/infra:ref_type:branch:ref:main '],
    ['gitlab', 'project_path:acme/infra:ref_type:branch:ref:\u202emain'],
    ['kubernetes', 'system:serviceaccount:a:*'],
    ['jenkins', '"https://ci.example/job/infra/"'],
    ['jenkins', 'https://ci.example/job/a\nb'],
    ['jenkins', ''],
  ])('returns no rule for a subject of %s that a rule cannot express: %j', (system, sub) => {
    const advice = adviseOnToken({ ...claimsOf(system), sub });
    expect(advice.subject).toBeUndefined();
    expect(advice.notes.join(' ')).toMatch(/no rule/i);
  });

  it.each<[CiSystem, other: string]>([
    ['gitlab', 'project_path:acme/infra-2:ref_type:branch:ref:main'],
    ['gitlab', 'project_path:acme/infra:ref_type:branch:ref:main2'],
    ['bitbucket', `{00000000-7aab-4b60-a947-ec542536ca0d}:${UUID}`],
    ['circleci', `${CIRCLECI.slice(0, -1)}1/user/a`],
    ['buildkite', 'organization:acme:pipeline:infra2:ref:refs/heads/main:commit:a:step:b'],
    ['buildkite', 'organization:acme:pipeline:infra:ref:refs/heads/main2:commit:a:step:b'],
    ['buildkite', 'organization:acme:pipeline:infra:ref:refs/heads/main:2:commit:a:step:b'],
    ['hcp-terraform', 'organization:acme:project:Default Project:workspace:infra:run_phase:plan'],
    ['hcp-terraform', 'organization:acme2:project:Default Project:workspace:infra:run_phase:apply'],
  ])('returns a rule for %s that does not accept %s', (system, sub) => {
    const claims = claimsOf(system);
    expect(matches(adviseOnToken(claims).subject, { ...claims, sub })).toBe(false);
  });

  const word = fc.string({ unit: fc.constantFrom(...'a/*:{}-"\n .`#[]') });
  const systems = fc.constantFrom<CiSystem>('gitlab', 'bitbucket', 'circleci', 'buildkite', 'hcp-terraform');

  it('returns only rules that accept the token, have one star at most, at the end, and notes fit for a log', () => {
    fc.assert(
      fc.property(systems, word, fc.nat(200), (system, text, at) => {
        const claims = claimsOf(system);
        const { sub = '' } = claims;
        const hostile = { ...claims, sub: sub.slice(0, at) + text + sub.slice(at) };
        const { subject, notes } = adviseOnToken(hostile);
        if (subject !== undefined) {
          expect(subject.slice(0, -1)).not.toMatch(/[*\n]/);
          expect(matches(subject, hostile)).toBe(true);
        }
        for (const note of notes) expect(note).not.toMatch(/[\n]|##\[|^::/);
      }),
      { numRuns: 2000 },
    );
  });
});
