// Which claims of the job's token help a human. Pure; never sees the token.
import { quote } from '../response.ts';

/** All that a trust can usefully compare, in the order in which people look. */
const DIAGNOSTIC_CLAIMS = [
  'iss',
  'aud',
  'sub',
  'repository',
  'repository_id',
  'ref',
  'environment',
  'job_workflow_ref',
  'event_name',
];

/** What an administrator compares with a trust, quoted: a branch may bear any name, even that of a command to the runner. */
export function diagnosticClaims({
  claims,
  expiresAt,
}: {
  claims: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}): Record<string, string> {
  const present = DIAGNOSTIC_CLAIMS.filter((name) => claims[name] !== undefined);
  const shown = present.map((name) => [name, quote(claims[name] ?? '', [])] as const);
  const expiry = new Date(expiresAt);
  const exp = Number.isNaN(expiry.getTime()) ? [] : [['exp', expiry.toISOString()] as const];
  return Object.fromEntries([...shown.slice(0, 3), ...exp, ...shown.slice(3)]);
}
