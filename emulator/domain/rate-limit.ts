// The domain's rate limits: requests per second and per minute, for each group of its API; all of SCIM is one group.
// Source: "API Rate Limits" of IAM identity domains. Assumed, because it is not published: that the windows slide, that
// refused requests do not count, the wording of the refusal, and whether it has a Retry-After.

import { scimError } from '../scim/responses.ts';
import { type EmulatorResponse, httpDate } from '../server/message.ts';
import type { RateLimit } from '../server/settings.ts';
import type { World } from '../server/world.ts';

export const TOKEN_PATH = '/oauth2/v1/token';
export const KEYS_PATH = '/admin/v1/SigningCert/jwk';

/** The limits of a Free domain for each of the two groups. */
export const FREE_DOMAIN = { perSecond: 10, perMinute: 150 };

type ApiGroup = 'token management' | 'authentication' | 'others';

/** The group of the discovery document is not published: it has no limit here. */
const GROUPS: Readonly<Record<string, ApiGroup>> = {
  [TOKEN_PATH]: 'token management',
  [KEYS_PATH]: 'authentication',
};

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Times of accepted requests by group, the latest last. */
const acceptedRequests = new WeakMap<World, Record<ApiGroup, number[]>>();

/** @returns the refusal when the request exceeds the limit; otherwise undefined, and the request is counted */
export function rateLimited(path: string, world: World): EmulatorResponse | undefined {
  const group = GROUPS[path] ?? (path.startsWith('/admin/v1/') ? 'others' : undefined);
  const limit = group === 'others' ? world.settings.scim.rateLimit : world.settings.rateLimit;
  if (limit === undefined || group === undefined) return undefined;
  const now = world.now();
  const accepted = acceptedIn(group, world);
  const allowedAt = Math.max(
    leavesWindow(accepted, limit.perSecond, SECOND_MS),
    leavesWindow(accepted, limit.perMinute, MINUTE_MS),
  );
  if (allowedAt > now) return tooManyRequests(limit, now, allowedAt, world);
  accepted.push(now);
  accepted.splice(0, accepted.length - Math.max(limit.perSecond, limit.perMinute));
  return undefined;
}

function acceptedIn(group: ApiGroup, world: World): number[] {
  const groups = acceptedRequests.get(world) ?? { 'token management': [], authentication: [], others: [] };
  acceptedRequests.set(world, groups);
  return groups[group];
}

/** When the oldest of the last `limit` requests leaves the window, so that another one is allowed. */
function leavesWindow(accepted: readonly number[], limit: number, windowMs: number): number {
  return (accepted.at(-limit) ?? Number.NEGATIVE_INFINITY) + windowMs;
}

function tooManyRequests(
  { retryAfter }: RateLimit,
  now: number,
  allowedAt: number,
  world: World,
): EmulatorResponse {
  const refused = scimError('tooManyRequests', 'rate limit', world);
  if (retryAfter === 'none') return refused;
  // Both forms have whole seconds: rounded up, so that a client that obeys is not too early.
  const value =
    retryAfter === 'seconds'
      ? String(Math.ceil((allowedAt - now) / SECOND_MS))
      : httpDate(Math.ceil(allowedAt / SECOND_MS) * SECOND_MS);
  return { ...refused, headers: { ...refused.headers, 'Retry-After': value } };
}
