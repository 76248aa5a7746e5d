// How often a domain lets itself be asked: so many requests a second and a minute, for each group of its API.
// Source: "API Rate Limits" of IAM identity domains. Not known of the real one, and assumed: that its windows slide,
// that a refused request takes no place in them, how the refusal is worded, and whether it says when to come again.
import { KEYS_PATH } from '../domain/keys.ts';
import { scimError } from '../domain/scim-error.ts';
import { type EmulatorResponse, httpDate } from './message.ts';
import type { RateLimit } from './settings.ts';
import type { World } from './world.ts';

/** What a Free domain allows to each of the two groups. */
export const FREE_DOMAIN = { perSecond: 10, perMinute: 150 };

type ApiGroup = 'token management' | 'authentication';

/** The group of the discovery document is not published; it goes unlimited. */
const GROUPS: Readonly<Record<string, ApiGroup>> = {
  '/oauth2/v1/token': 'token management',
  [KEYS_PATH]: 'authentication',
};

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** When requests were let in, by group, the latest last. */
const admissions = new WeakMap<World, Record<ApiGroup, number[]>>();

/** @returns the refusal of one request too many, or undefined after it has been counted */
export function rateLimited(path: string, world: World): EmulatorResponse | undefined {
  const limit = world.settings.rateLimit;
  const group = GROUPS[path];
  if (limit === undefined || group === undefined) {
    return undefined;
  }
  const now = world.now();
  const admitted = admittedTo(group, world);
  const freeAt = Math.max(
    leaves(admitted, limit.perSecond, SECOND_MS),
    leaves(admitted, limit.perMinute, MINUTE_MS),
  );
  if (freeAt > now) {
    return refusal(limit, now, freeAt);
  }
  admitted.push(now);
  admitted.splice(0, admitted.length - Math.max(limit.perSecond, limit.perMinute));
  return undefined;
}

function admittedTo(group: ApiGroup, world: World): number[] {
  const known = admissions.get(world) ?? { 'token management': [], authentication: [] };
  admissions.set(world, known);
  return known[group];
}

/** When the last request but `limit` leaves a window of that length, and so makes room. */
function leaves(admitted: readonly number[], limit: number, window: number): number {
  return (admitted.at(-limit) ?? Number.NEGATIVE_INFINITY) + window;
}

function refusal({ retryAfter }: RateLimit, now: number, freeAt: number): EmulatorResponse {
  const refused = scimError(429, 'Too many requests.', 'rate limit');
  if (retryAfter === 'none') {
    return refused;
  }
  // Both forms know whole seconds only: rounded up, so that whoever obeys is not too early.
  const value =
    retryAfter === 'seconds'
      ? String(Math.ceil((freeAt - now) / SECOND_MS))
      : httpDate(Math.ceil(freeAt / SECOND_MS) * SECOND_MS);
  return { ...refused, headers: { ...refused.headers, 'Retry-After': value } };
}
