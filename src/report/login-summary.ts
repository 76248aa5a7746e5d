// What the job summary says of a login that worked: who, where and until when at a glance, the rest folded away.
// Pure. Secrets do not come in: of files the paths, of variables the names.
import { literal, tableOf } from './markdown.ts';

export interface LoginFacts {
  /** Host of the identity domain. */
  domain: string;
  session: SessionFacts | undefined;
  role: RoleFacts | undefined;
  /** Paths of all that were written or changed. */
  files: readonly string[];
  variables: Readonly<Record<'set' | 'emptied', readonly string[]>>;
  /** Whether the session is kept fresh from now on. */
  refresh: boolean;
  cleanup: boolean;
}

export interface SessionFacts {
  principal: string;
  /** Undefined where the principal is a user. */
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
  /** Application of the domain that AWS has been shown. */
  application: string;
  until: Moment;
}

/** A point in time as seen from another; both in milliseconds since the epoch. */
interface Moment {
  at: number;
  now: number;
}

type Row = readonly [name: string, value: string];

export function summarise(facts: LoginFacts): string {
  const { domain, session, role, files, variables, refresh, cleanup } = facts;
  const clouds = [session && 'OCI', role && 'AWS'].filter((cloud) => cloud !== undefined);
  const { set, emptied } = variables;
  const folded = [
    ...(session ? auditRows(session) : []),
    ...listed('files', files, '<br>'),
    ...listed('variables', set),
    ...listed('variables emptied', emptied),
    ['when the job ends', cleanup ? 'the post step takes these back' : 'these stay (`cleanup: false`)'],
  ] satisfies Row[];
  const lines = [
    `### Logged in to ${clouds.join(' and ')}`,
    '',
    ...tableOf([
      ...(session ? sessionRows(session, domain, refresh) : []),
      ...(role ? roleRows(role, session ? undefined : domain) : []),
    ]),
    '',
    '<details><summary>Audit, files and variables</summary>',
    '',
    ...tableOf(folded),
    '',
    '</details>',
    '', // whatever follows in the same file begins anew
  ];
  return `${lines.join('\n')}\n`;
}

function sessionRows(session: SessionFacts, domain: string, isRenewed: boolean): Row[] {
  const { principal, resourceType, tenancy, region, profile, until } = session;
  return [
    ['principal', literal(principal)],
    ...(resourceType === undefined ? [] : [['resource type', literal(resourceType)] as const]),
    ['tenancy', literal(tenancy)],
    ['domain', literal(domain)],
    ['profile', `${literal(profile)} in ${literal(region)}`],
    ['until', `${inWords(until)}${isRenewed ? ', and renewed until the job ends' : ''}`],
  ];
}

/** Alone, the role also has to say which application of which domain got it. */
function roleRows({ accountId, assumedRoleArn, application, until }: RoleFacts, domain?: string): Row[] {
  const origin: Row[] = domain
    ? [
        ['application', literal(application)],
        ['domain', literal(domain)],
      ]
    : [];
  return [
    ...origin,
    ['AWS account', literal(accountId)],
    ['AWS role session', literal(assumedRoleArn)],
    ['AWS until', inWords(until)],
  ];
}

function auditRows({ requestId, tokenId }: SessionFacts): Row[] {
  return [
    ['request id of the exchange', requestId === undefined ? 'none given' : literal(requestId)],
    ['id of the session token (jti)', tokenId === undefined ? 'none given' : literal(tokenId)],
  ];
}

function listed(name: string, values: readonly string[], separator = ' '): Row[] {
  return values.length === 0 ? [] : [[name, values.map(literal).join(separator)]];
}

const MINUTE_MS = 60_000;

function inWords({ at, now }: Moment): string {
  return `${literal(new Date(at).toISOString())}, ${Math.round((at - now) / MINUTE_MS)} min from login`;
}
