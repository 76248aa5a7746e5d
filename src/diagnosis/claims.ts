import type { IdToken } from '../github/id-token.ts';
import { quote } from '../response.ts';

/** What a trust can usefully compare, in the order in which people look. */
const DIAGNOSTIC_CLAIMS = [
  'iss',
  'aud',
  'sub',
  'exp',
  'repository',
  'repository_id',
  'ref',
  'environment',
  'job_workflow_ref',
  'event_name',
];

/** Claims to compare with a trust, safe for a log: a branch may be named like a command to the runner. */
export function diagnosticClaims({ claims, expiresAt }: Pick<IdToken, 'claims' | 'expiresAt'>) {
  const all: Readonly<Record<string, string>> = { ...claims, exp: new Date(expiresAt).toISOString() };
  const present = DIAGNOSTIC_CLAIMS.filter((name) => all[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, quote(all[name] ?? '', [])] as const));
}
