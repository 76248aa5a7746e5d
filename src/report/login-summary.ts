// The job summary of a successful login. Contains paths of files and names of variables, but no secret.
import { literal, type Row, tableOf } from './markdown.ts';

export interface LoginFacts {
  /** Host of the identity domain. */
  domain: string;
  session: SessionFacts | undefined;
  role: RoleFacts | undefined;
  /** Paths of all files that were written or changed. */
  files: readonly string[];
  variables: Readonly<Record<'set' | 'emptied', readonly string[]>>;
  /** Whether a refresher renews the session until the job ends. */
  isRefreshed: boolean;
  cleanup: boolean;
}

export interface SessionFacts {
  principal: string;
  /** Undefined when the principal is a user. */
  resourceType: string | undefined;
  tenancy: string;
  region: string;
  profile: string;
  until: Moment;
  requestId: string | undefined;
  tokenId: string | undefined;
}

export interface RoleFacts {
  accountId: string;
  assumedRoleArn: string;
  /** Client ID of the application, which is the subject that AWS sees. */
  application: string;
  until: Moment;
}

/** A time and the time of the login; both in milliseconds since the epoch. */
interface Moment {
  at: number;
  now: number;
}

export function summarise(facts: LoginFacts): string {
  const { session, role } = facts;
  const clouds = [session && 'OCI', role && 'AWS'].filter((cloud) => cloud !== undefined);
  const lines = [
    `### Logged in to ${clouds.join(' and ')}`,
    '',
    ...(session ? [...tableOf(sessionRows(session, facts), '| OCI | |'), ''] : []),
    ...(role ? [...tableOf(roleRows(role, facts), '| AWS | |'), ''] : []),
    '<details><summary>IDs, files and variables</summary>',
    '',
    ...tableOf(foldedRows(facts)),
    '',
    '</details>',
    '', // another step may append to the same file
  ];
  return `${lines.join('\n')}\n`;
}

function sessionRows(session: SessionFacts, { domain, isRefreshed }: LoginFacts): Row[] {
  const { principal, resourceType, tenancy, region, profile, until } = session;
  return [
    ['Principal', literal(principal)],
    ['Resource type', literals([resourceType])],
    ['Tenancy', literal(tenancy)],
    ['Identity domain', literal(domain)],
    ['Region', literal(region)],
    ['Profile', literal(profile)],
    ['Valid until', `${timeOf(until)}${isRefreshed ? ', renewed until the job ends' : ''}`],
  ];
}

/** Without an OCI session, the role also names the application and the domain that issued its token. */
function roleRows(role: RoleFacts, { domain, session }: LoginFacts): Row[] {
  return [
    ['Identity domain', session ? '' : literal(domain)],
    ['Application', session ? '' : literal(role.application)],
    ['Account', literal(role.accountId)],
    ['Role session', literal(role.assumedRoleArn)],
    ['Valid until', timeOf(role.until)],
  ];
}

function foldedRows({ session, files, variables, cleanup }: LoginFacts): Row[] {
  const end = cleanup
    ? 'the post step removes or restores all of these'
    : 'all of these stay (`cleanup: false`)';
  return [
    ['Request ID of the token exchange', literals([session?.requestId])],
    ['Token ID (`jti`)', literals([session?.tokenId])],
    ['Files', literals(files, '<br>')],
    ['Variables set', literals(variables.set)],
    ['Variables emptied', literals(variables.emptied)],
    ['When the job ends', end],
  ];
}

/** '' without values, so that the table omits the row. */
function literals(values: readonly (string | undefined)[], separator = ' '): string {
  const given = values.filter((value) => value !== undefined);
  return given.map((value) => literal(value)).join(separator);
}

const MINUTE_MS = 60_000;

function timeOf({ at, now }: Moment): string {
  return `${literal(new Date(at).toISOString())} (${Math.round((at - now) / MINUTE_MS)} minutes)`;
}
