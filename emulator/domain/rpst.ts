// The session token of a resource (RPST): which claims it takes from the job's token, and how long it lives.
// Sources: "Workload Identity Federation" (OCI documentation), A-Team's article on ephemeral RPSTs. Must not know trusts.
import type { KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { World } from '../server/world.ts';
import { issueSession } from './upst.ts';

export interface Resource {
  /** The trust's `impersonatingResource`. */
  type: string;
  /** Names of claims, each written `ext_<claim>`. */
  propagated: readonly string[];
}

const PREFIX = 'ext_';

/** `requested`: the value of `rpst_exp`, whatever its unit; a longer life than allowed is cut, not refused. */
export async function issueRpst(
  world: World,
  resource: Resource,
  publicKey: KeyObject,
  claims: JWTPayload,
  requested: number | undefined,
): Promise<string> {
  const { rpstLifetimeSeconds, rpstLongestSeconds, rpstExpUnitSeconds } = world.settings;
  const asked = requested === undefined ? rpstLifetimeSeconds : requested * rpstExpUnitSeconds;
  return issueSession(world, publicKey, Math.min(asked, rpstLongestSeconds), {
    sub: claims.sub ?? '', // no user stands behind it: the job is itself the principal
    ptype: 'res',
    ttype: 'res',
    res_type: resource.type,
    ...propagatedClaims(resource, claims),
  });
}

/** What the job's token lacks is left out without a word. */
function propagatedClaims({ propagated }: Resource, claims: JWTPayload): JWTPayload {
  const names = propagated.filter((name) => name.startsWith(PREFIX)).slice(0, 3);
  const pairs = names.map((name) => [`var_${name}`, claims[name.slice(PREFIX.length)]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}
