// Changes a good answer into one that only a careless client would take: the right shape with the wrong token.
// Must not know when: that is the fault list's business.
import { decodeJwt } from 'jose';
import { type EmulatorResponse, json, type Service } from '../server/message.ts';
import type { World } from '../server/world.ts';
import type { AnswerMutation, FaultList } from './faults.ts';
import { changedClaims, resign } from './token-mutations.ts';

/** Where an answer in JSON holds its token, by grant. */
const MEMBERS = { 'id-token': 'value', 'session-token': 'token', 'access-token': 'access_token' } as const;

type TokenGrant = keyof typeof MEMBERS;

/** The answer as it is, or as the mutation leaves it that waits for such an answer. */
export async function mutated(
  answer: EmulatorResponse,
  service: Service,
  faults: FaultList,
  world: World,
): Promise<EmulatorResponse> {
  const found = answer.status === 200 ? grantIn(answer, service) : undefined;
  const mutation = found && faults.takeMutation(service, found.grant);
  if (!found || !mutation) {
    return answer;
  }
  const reason = `fault: ${mutation.kind}`;
  if (mutation.kind === 'wrong-content-type') {
    return { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/html' }, reason };
  }
  const body =
    found.grant === 'role-credentials'
      ? changedXml(answer.body.toString('utf8'), mutation, world)
      : await changedJson(found.grant, found.token, mutation, world);
  return { ...answer, body: Buffer.from(body), reason };
}

type Found = { grant: TokenGrant; token: string } | { grant: 'role-credentials' };

function grantIn({ body }: EmulatorResponse, service: Service): Found | undefined {
  const text = body.toString('utf8');
  if (service === 'sts') {
    return text.includes('<AssumeRoleWithWebIdentityResult>') ? { grant: 'role-credentials' } : undefined;
  }
  const candidates: readonly TokenGrant[] =
    service === 'github' ? ['id-token'] : service === 'domain' ? ['session-token', 'access-token'] : [];
  if (candidates.length === 0) {
    return undefined;
  }
  const members = new Map<string, unknown>(Object.entries(Object(JSON.parse(text))));
  const grant = candidates.find((candidate) => typeof members.get(MEMBERS[candidate]) === 'string');
  return grant && { grant, token: String(members.get(MEMBERS[grant])) };
}

async function changedJson(
  grant: TokenGrant,
  token: string,
  mutation: AnswerMutation,
  world: World,
): Promise<Buffer> {
  const value = await changedMembers(grant, token, mutation, world);
  for (const secret of Object.values(value)) {
    if (typeof secret === 'string' && secret !== '') {
      world.secrets.add(secret);
    }
  }
  return json(200, value).body;
}

async function changedMembers(
  grant: TokenGrant,
  token: string,
  { kind }: AnswerMutation,
  world: World,
): Promise<Record<string, unknown>> {
  const member = MEMBERS[grant];
  switch (kind) {
    case 'empty-token':
      return { [member]: '' };
    case 'no-token':
      return {};
    case 'wrong-type':
      return { [member]: 1_700_000_000 };
    case 'not-a-jwt':
      return { [member]: token.split('.', 2).join('.') };
    case 'token-under-access_token':
      return { access_token: token };
    default: {
      const claims = await changedClaims(grant, decodeJwt(token), kind, world);
      return { [member]: await resign(grant, claims, kind, world) };
    }
  }
}

/** Of the three texts that make up credentials the session token stands for all: it is the longest. */
function changedXml(text: string, { kind }: AnswerMutation, world: World): string {
  const expiration = (value: string) =>
    text.replace(/<Expiration>.*?<\/Expiration>/, `<Expiration>${value}</Expiration>`);
  switch (kind) {
    case 'empty-token':
      return text.replace(/<SessionToken>.*?<\/SessionToken>/s, '<SessionToken></SessionToken>');
    case 'no-token':
      return text.replace(/<SessionToken>.*?<\/SessionToken>/s, '');
    case 'wrong-type':
      return expiration('1700000000');
    case 'expired':
      return expiration(new Date(world.now() - 3_600_000).toISOString());
    case 'other-tenancy':
      return text.replace(/(<Arn>arn:[a-z-]+:sts::)\d{12}:/, '$1999999999999:');
    default:
      return text;
  }
}
