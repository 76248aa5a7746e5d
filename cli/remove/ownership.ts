// Which rules and applications belong to the jobs that are removed, and which others need them. Pure functions.
import { type App, type IdentityPropagationTrust, USER_EXTENSION, type User } from '../domain/objects.ts';
import { isMark, markOf, TAG } from '../setup/names.ts';
import { VARIABLES } from '../setup/plan-github.ts';
import type { Selection } from '../setup/selection.ts';
import { subjectTail } from '../setup/subject.ts';
import type { StoredRule } from '../setup/trust-rules.ts';
import type { RemovalSnapshot } from './snapshot.ts';

type RuleOwner = Pick<RemovalSnapshot, 'repository' | 'mark' | 'users'>;

/** `setup` makes only service users. Without this check, a mark on the user of a person would get that user removed. */
export const ownUser = ({ users, mark }: Pick<RemovalSnapshot, 'users' | 'mark'>): User | undefined =>
  users.find((user) => markOf(user) === mark && user[USER_EXTENSION]?.serviceUser === true);

/** A rule that names our user for exactly these jobs, in any form of the subject. A wider one may serve other jobs. */
export function isOwnRule(
  { rule, value }: StoredRule,
  snapshot: RuleOwner,
  selection: Pick<Selection, 'repository' | 'environment' | 'branch' | 'subject'>,
): boolean {
  const [, subject = ''] = /^sub eq (.*)$/.exec(rule) ?? [];
  return value === ownUser(snapshot)?.id && isOwnSubject(subject, snapshot.repository, selection);
}

/** The subject of exactly these jobs, in any form. */
export function isOwnSubject(
  subject: string,
  { id, fullName }: RemovalSnapshot['repository'],
  selection: Pick<Selection, 'repository' | 'environment' | 'branch' | 'subject'>,
): boolean {
  const tail = subjectTail(selection);
  const [, repositoryId] = /^repo:[^/@:]+@\d+\/[^/@:]+@(\d+)$/.exec(subject.slice(0, -tail.length - 1)) ?? [];
  // The immutable form names the repository after a rename, too.
  return (
    (repositoryId === String(id) && subject.endsWith(`:${tail}`)) ||
    [fullName, selection.repository].some((name) => subject === `repo:${name}:${tail}`) ||
    subject === selection.subject
  );
}

export const tagOf = ({ tags }: App, key = TAG) => tags?.find((tag) => tag.key === key)?.value;

/** An application of the jobs, and what else uses it. */
export interface AppUse {
  app: App;
  /** The reason why it stays; undefined when nothing else uses it. */
  use: string | undefined;
}

/** The applications that `setup` made and these jobs use. @param remaining the rules that stay, for each trust */
export function appUses(
  snapshot: RemovalSnapshot,
  remaining: (trust: IdentityPropagationTrust) => readonly StoredRule[],
): AppUse[] {
  const { apps, mark, variables, trusts } = snapshot;
  const isListed = ({ name = '' }: App) => trusts.some(({ oauthClients }) => oauthClients?.includes(name));
  return apps
    .filter((app) => {
      const tag = tagOf(app);
      if (!isMark(tag)) return false;
      // A removal that was interrupted leaves an inactive application that no trust names.
      const isLeft = app.active === false && !isListed(app);
      return tag === mark || app.name === variables[VARIABLES.clientId] || isLeft;
    })
    .map((app) => ({ app, use: useOf(app, snapshot, remaining) }));
}

function useOf(
  app: App,
  { apps, mark, users, trusts }: RemovalSnapshot,
  remaining: (trust: IdentityPropagationTrust) => readonly StoredRule[],
): string | undefined {
  const markOfUser = (userId: string) => {
    const user = users.find(({ id }) => id === userId);
    return user && markOf(user);
  };
  const hasOwnApp = (other: string) => apps.some((one) => one.id !== app.id && tagOf(one) === other);
  for (const trust of trusts) {
    const clients = trust.oauthClients ?? [];
    if (!clients.includes(app.name ?? '')) continue;
    const rules = remaining(trust);
    const marks = rules.flatMap(({ value }) => markOfUser(value) ?? []);
    const user = marks.find((other) => other === mark || tagOf(app) === other || !hasOwnApp(other));
    if (user !== undefined) return `${user} uses it`;
    const others = rules.length - marks.length;
    if (others > 0 && clients.length === 1)
      return `it is the only client of a trust with ${others} other rules`;
  }
  return undefined;
}
