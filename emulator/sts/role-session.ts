// AWS credentials that signatures verify with: sessions of roles, which STS issues, and access keys of users.
import { createHash, randomBytes } from 'node:crypto';
import { scaled, type World } from '../server/world.ts';
import { ACCOUNT, type RoleName } from './iam.ts';

export interface RoleSession {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  /** Milliseconds since the epoch. */
  expires: number;
  account: string;
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  arn: string;
  /** `AROA…:<session>`. */
  userId: string;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** AWS promises no size; this is the observed size without session policies. */
const SESSION_TOKEN_BYTES = 690;

export function openRoleSession(
  world: World,
  role: RoleName,
  sessionName: string,
  durationSeconds: number,
): RoleSession {
  const { partition, account, name } = role;
  const session = {
    accessKeyId: `ASIA${base32(randomBytes(16))}`,
    // 40 characters of base64, as in real ones.
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: `IQoJb3JpZ2luX2Vj${randomBytes(SESSION_TOKEN_BYTES).toString('base64')}`,
    // Whole seconds, as in the response.
    expires: (Math.floor(world.now() / 1000) + scaled(durationSeconds, world.settings)) * 1000,
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
    userId: `${roleId(role)}:${sessionName}`,
  };
  world.awsSessions.set(session.accessKeyId, session);
  world.secrets.add(session.secretAccessKey);
  world.secrets.add(session.sessionToken);
  return session;
}

/** An access key of a user: it has no session token and does not expire. */
export function addAccessKey(world: World, user: string): RoleSession {
  const account = ACCOUNT;
  const key = {
    accessKeyId: `AKIA${base32(randomBytes(16))}`,
    secretAccessKey: randomBytes(30).toString('base64'),
    sessionToken: '',
    expires: Number.POSITIVE_INFINITY,
    account,
    arn: `arn:aws:iam::${account}:user/${user}`,
    userId: `AIDA${base32(randomBytes(17))}`,
  };
  world.awsSessions.set(key.accessKeyId, key);
  world.secrets.add(key.secretAccessKey);
  return key;
}

/** Always the same for a role. */
export function roleId({ account, name }: Pick<RoleName, 'account' | 'name'>): string {
  return `AROA${base32(createHash('sha256').update(`${account}/${name}`).digest().subarray(0, 17))}`;
}

function base32(bytes: Buffer): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte % 32)).join('');
}
