// H06 and H07: where the client secret is stored, and since when.
import { quote } from '../../../src/response.ts';
import { lines, setup } from '../fixes.ts';
import { defineRule } from '../rule.ts';
import type { AuditContext, SecretState } from '../snapshot.ts';

const secretName = ({ name, level, repository, environment }: SecretState) => {
  const place =
    level === 'environment'
      ? `environment ${quote(environment ?? '', [])} of ${repository}`
      : level === 'repository'
        ? repository
        : `organization ${repository.split('/')[0]}`;
  return `secret ${quote(name, [])} of ${place}`;
};

const secretKey = ({ name, level, repository, environment = '' }: SecretState) =>
  [level, level === 'organization' ? repository.split('/')[0] : repository, environment, name].join('\n');

/** A secret of an organisation occurs once for each of its repositories. */
const secretsOnce = (secrets: readonly SecretState[]) => [
  ...new Map(secrets.map((one) => [secretKey(one), one])).values(),
];

function rotate(context: AuditContext, { repository, environment }: SecretState): string {
  return setup(context, repository, environment && `environment:${environment}`, '--rotate-secret');
}

const H06 = defineRule({
  id: 'H06',
  severity: 'medium',
  title: 'The client secret is readable outside the environment',
  why: 'Every workflow of the repository, or of the organization, can read it, on any branch.',
  needs: ['secrets'],
  check: ({ secrets }, context) =>
    secretsOnce(secrets)
      .filter(({ level }) => level !== 'environment')
      .map((secret) => {
        const { repository, level, name } = secret;
        const owner = repository.split('/')[0];
        const scope = level === 'repository' ? `--repo ${repository}` : `--org ${owner}`;
        const fix = lines(
          '# Store a new secret in the environment, then delete this one:',
          rotate(context, secret),
          `gh secret delete ${name} ${scope}`,
        );
        const evidence = `is a secret of the ${level}`;
        return { object: secretName(secret), key: secretKey(secret), evidence, fix };
      }),
});

const DAY_MS = 86_400_000;
const OLD_DAYS = 90;
const VERY_OLD_DAYS = 180;

const H07 = defineRule({
  id: 'H07',
  severity: 'low',
  title: 'The client secret is old',
  why: 'Client secrets of a domain never expire. The older it is, the more backups, logs and people may have it.',
  needs: ['secrets'],
  check: ({ secrets }, context) =>
    secretsOnce(secrets).flatMap((secret) => {
      const days = Math.floor((context.now - Date.parse(secret.updatedAt)) / DAY_MS);
      if (!(days > OLD_DAYS)) return [];
      const isVeryOld = days > VERY_OLD_DAYS;
      const evidence = `was written ${days} days ago`;
      const object = secretName(secret);
      const base = { object, key: secretKey(secret), evidence, fix: rotate(context, secret) };
      return [isVeryOld ? { ...base, severity: 'medium' as const } : base];
    }),
});

export const SECRET_RULES = [H06, H07] as const;
