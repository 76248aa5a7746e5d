// The job summary of a successful login. Contains no secret: of files the paths, of variables the names.
import { literal, tableOf } from './markdown.ts';

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

type Row = readonly [name: string, value: string];

export function summarise(facts: LoginFacts): string {
  const { domain, session, role } = facts;
  const clouds = [session && 'OCI', role && 'AWS'].filter((cloud) => cloud !== undefined);
  const lines = [
    `### Logged in to ${clouds.join(' and ')}`,
    '',
    ...(session ? [...tableOf(sessionRows(session, facts), '| OCI | |'), ''] : []),
    ...(role ? [...tableOf(roleRows(role, session ? undefined : domain), '| AWS | |'), ''] : []),
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
    ...(resourceType === undefined ? [] : [['Resource type', literal(resourceType)] as const]),
    ['Tenancy', literal(tenancy)],
    ['Identity domain', literal(domain)],
    ['Region', literal(region)],
    ['Profile', literal(profile)],
    ['Valid until', `${timeOf(until)}${isRefreshed ? ', renewed until the job ends' : ''}`],
  ];
}

/** Without an OCI session, the role also names the application and the domain that issued its token. */
function roleRows({ accountId, assumedRoleArn, application, until }: RoleFacts, domain?: string): Row[] {
  return [
    ...(domain === undefined ? [] : [['Identity domain', literal(domain)] as const]),
    ...(domain === undefined ? [] : [['Application', literal(application)] as const]),
    ['Account', literal(accountId)],
    ['Role session', literal(assumedRoleArn)],
    ['Valid until', timeOf(until)],
  ];
}

function foldedRows({ session, files, variables, cleanup }: LoginFacts): Row[] {
  const { requestId, tokenId } = session ?? {};
  return [
    ...listRow('Request ID of the token exchange', requestId === undefined ? [] : [requestId]),
    ...listRow('Token ID (`jti`)', tokenId === undefined ? [] : [tokenId]),
    ...listRow('Files', files, '<br>'),
    ...listRow('Variables set', variables.set),
    ...listRow('Variables emptied', variables.emptied),
    [
      'When the job ends',
      cleanup ? 'the post step removes or restores all of these' : 'all of these stay (`cleanup: false`)',
    ],
  ];
}

function listRow(name: string, values: readonly string[], separator = ' '): Row[] {
  return values.length === 0 ? [] : [[name, values.map(literal).join(separator)]];
}

const MINUTE_MS = 60_000;

function timeOf({ at, now }: Moment): string {
  return `${literal(new Date(at).toISOString())} (${Math.round((at - now) / MINUTE_MS)} minutes)`;
}
