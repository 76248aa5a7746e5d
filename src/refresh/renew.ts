// One renewal: asks for what is due and puts it in the place of what was there. Runs in a process of its own for each.
import { readWebIdentity } from '../aws/web-identity.ts';
import type { IdTokenSource } from '../github/id-token.ts';
import { requestAccessToken } from '../login/aws-session.ts';
import { requestIdToken, requestSessionToken } from '../login/oci-session.ts';
import type { Disk, Http } from '../ports.ts';
import { putFile, replaceToken } from '../profiles/session-files.ts';
import type { AccessTokenCharge, ChargeName, IdTokenCharge, Order, SessionCharge, Term } from './spec.ts';

export interface RenewalParts {
  http: Http;
  disk: Disk;
}

type OrderWithIdentity = Order & { identity: IdTokenSource };

export interface Renewal {
  term: Term;
  /** What to tell of it: no secret. */
  text: string;
}

/** There is no log here in which a secret could come out, and nobody who would hide it. */
const nobody = { mask: () => {} };

/** @throws ActionError with the GITHUB_, OCI_, UPST_ and AWS_ codes of what is renewed, and those of `Files` */
export async function renew(parts: RenewalParts, order: Order, name: ChargeName): Promise<Renewal> {
  const { session, 'id-token': idToken, 'access-token': accessToken } = order.charges;
  const { identity } = order;
  if (name === 'session' && session && identity) return renewSession(parts, { ...order, identity }, session);
  if (name === 'id-token' && idToken && identity) return renewIdToken(parts, { ...order, identity }, idToken);
  if (name === 'access-token' && accessToken) return renewAccessToken(parts, order, accessToken);
  throw new TypeError(`nothing of that name is to be renewed: ${name}`);
}

async function renewSession(
  { http, disk }: RenewalParts,
  { identity, domainUrl }: OrderWithIdentity,
  { config, client, publicKey, tokenFiles }: SessionCharge,
): Promise<Renewal> {
  const { clock } = disk;
  const parts = { http, clock, runner: nobody };
  const issuedAt = clock.now();
  const login = { domainUrl, client, oci: config };
  const { sessionToken } = await requestSessionToken(parts, login, identity, publicKey);
  const outcomes = [];
  for (const one of tokenFiles) {
    outcomes.push(await replaceToken(disk, one, sessionToken.token, publicKey.publicKeyBase64));
  }
  const { expiresAt, principal, requestId } = sessionToken;
  const taken = outcomes.includes(false) ? ' Another session has taken its place; its token stays.' : '';
  const text = `The session of ${principal} was renewed until ${iso(expiresAt)}, request id ${requestId ?? '(none given)'}.${taken}`;
  return { term: { issuedAt, expiresAt }, text };
}

async function renewIdToken(
  { http, disk }: RenewalParts,
  { identity, audience }: OrderWithIdentity,
  { file }: IdTokenCharge,
): Promise<Renewal> {
  const issuedAt = disk.clock.now();
  const parts = { http, clock: disk.clock, runner: nobody };
  const { jwt, lifetimeMs } = await requestIdToken(parts, identity, audience);
  putFile(disk.files, file, jwt);
  const expiresAt = issuedAt + lifetimeMs;
  return {
    term: { issuedAt, expiresAt },
    text: `The job's token in a file was renewed until ${iso(expiresAt)}.`,
  };
}

async function renewAccessToken(
  { http, disk }: RenewalParts,
  { domainUrl }: Order,
  { file, client, scope, audience }: AccessTokenCharge,
): Promise<Renewal> {
  const issuedAt = disk.clock.now();
  const token = await requestAccessToken(
    { http, clock: disk.clock, runner: nobody },
    { domainUrl, client },
    scope,
  );
  const { expiresAt } = readWebIdentity(token, { domainUrl, audience, now: disk.clock.now() });
  putFile(disk.files, file, token);
  return {
    term: { issuedAt, expiresAt },
    text: `The access token for AWS was renewed until ${iso(expiresAt)}.`,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
