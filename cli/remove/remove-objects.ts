// Removes the objects that `setup` made. A request for an object that is gone already is no error.
import type { App, DynamicGroup, Group, IdentityPropagationTrust, User } from '../domain/objects.ts';
import { quoted, type Scim } from '../domain/scim.ts';
import { CommandError } from '../failure.ts';
import { changeStatements } from '../setup/apply-policy.ts';
import type { Run } from '../setup/part.ts';
import { count } from '../setup/steps.ts';

export async function deleteApp({ scim, report }: Run, { id, displayName }: App): Promise<void> {
  await scim.delete('Apps', id);
  report(`deleted app ${displayName}`);
}

export async function deleteUser({ scim, report }: Run, { id, userName }: User): Promise<void> {
  await scim.delete('Users', id);
  report(`deleted user ${userName}`);
}

export async function deleteTrust(
  { scim, report, saveCopy }: Run,
  trust: IdentityPropagationTrust,
): Promise<void> {
  saveCopy('trust', trust);
  await scim.delete('IdentityPropagationTrusts', trust.id);
  report(`deleted trust ${trust.name}`);
}

export async function deleteDynamicGroup(
  { scim, report }: Run,
  { id, displayName }: DynamicGroup,
): Promise<void> {
  await scim.delete('DynamicResourceGroups', id);
  report(`deleted dynamic group ${displayName}`);
}

/** Removes our member, then the group unless it has others: somebody may have added one since the plan. */
export async function deleteGroup(
  { scim, report }: Run,
  { id, displayName, members }: Group,
  userId: string | undefined,
): Promise<void> {
  if (userId !== undefined && members?.some(({ value }) => value === userId)) {
    await removeMember(scim, id, userId);
    report(`removed the user from group ${displayName}`);
  }
  const now = await scim.get('Groups', id, ['members']);
  const others = now?.members?.filter(({ value }) => value !== userId) ?? [];
  if (now === undefined || others.length > 0) return;
  await scim.delete('Groups', id);
  report(`deleted group ${displayName}`);
}

/** Not every domain accepts a filter in the path of a PATCH: then the other members are sent. */
async function removeMember(scim: Scim, id: string, userId: string): Promise<void> {
  const path = `members[value eq ${quoted(userId)}]`;
  try {
    await scim.patch('Groups', id, [{ op: 'remove', path }]);
  } catch (error) {
    if (!(error instanceof CommandError) || error.details.status !== 400) throw error;
    const group = await scim.get('Groups', id, ['members', 'meta']);
    // A list that was not returned is unknown, not empty.
    if (group?.members === undefined) throw error;
    const value = group.members.filter((member) => member.value !== userId);
    await scim.patch('Groups', id, [{ op: 'replace', path: 'members', value }], group.meta?.version);
  }
}

/** @param mayDelete whether the policy had no statement of others when the removal was planned */
export async function removeStatements(
  run: Run,
  id: string,
  own: readonly string[],
  mayDelete: boolean,
): Promise<void> {
  const change = (present: readonly string[]) => {
    const statements = present.filter((statement) => !own.includes(statement));
    if (statements.length === 0 && !mayDelete)
      throw new CommandError('CONFLICT', `The other statements of the policy ${id} were removed meanwhile.`);
    return { statements, done: `removed ${count(own.length, 'statement')} from` };
  };
  await changeStatements(run, id, change, run.selection.names.group);
}

export async function deleteSecret(
  { github, report }: Run,
  environment: string | undefined,
  name: string,
): Promise<void> {
  await github.deleteSecret(environment, name);
  report(`GitHub: deleted secret ${name}`);
}

export async function deleteVariable(
  { github, report }: Run,
  environment: string | undefined,
  name: string,
): Promise<void> {
  await github.deleteVariable(environment, name);
  report(`GitHub: deleted variable ${name}`);
}
