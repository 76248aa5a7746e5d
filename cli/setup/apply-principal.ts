// Creates the service user and its group, and adds the member.
import { USER_EXTENSION, type User } from '../domain/objects.ts';
import { CommandError } from '../failure.ts';
import { TAG } from './names.ts';
import type { Run } from './part.ts';
import { targetOf } from './selection.ts';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** Body of `POST /admin/v1/Users`. `serviceUser` can only be set now. */
export function userBody(userName: string, displayName: string, mark: string) {
  return {
    schemas: [USER, USER_EXTENSION],
    userName,
    displayName,
    name: { givenName: 'GitHub', familyName: userName.replace(/^github-/, '') },
    externalId: mark,
    tags: [{ key: TAG, value: mark }],
    [USER_EXTENSION]: { serviceUser: true },
  };
}

export async function createUser(run: Run, repository: string, mark: string): Promise<void> {
  const { scim, selection, made, report } = run;
  const { user: name } = selection.names;
  const display = `GitHub ${repository} ${targetOf(selection)}`;
  const { externalId, ...unmarked } = userBody(name, display, mark);
  const user = await scim.create('Users', { ...unmarked, externalId }).catch((error: unknown) => {
    // Not every domain accepts an external ID of a service user. The tag finds the user, too.
    if (!(error instanceof CommandError) || error.details.status !== 400) throw error;
    return scim.create('Users', unmarked);
  });
  made.userId = user.id;
  report(`created user ${name}`);
}

export async function activateUser({ scim, report }: Run, { id, userName, meta }: User): Promise<void> {
  await scim.patch('Users', id, [{ op: 'replace', path: 'active', value: true }], meta?.version);
  report(`activated user ${userName}`);
}

/** Body of `POST /admin/v1/Groups`. */
export function groupBody(displayName: string, mark: string, userId: string) {
  return {
    schemas: [GROUP],
    displayName,
    externalId: mark,
    members: [{ type: 'User', value: userId }],
  };
}

export async function createGroup(run: Run, mark: string): Promise<void> {
  const { scim, selection, made, report, untilKnown } = run;
  const { group: name } = selection.names;
  const body = groupBody(name, mark, made.userId ?? '');
  const group = await untilKnown(() => scim.create('Groups', body));
  made.groupId = group.id;
  report(`created group ${name} with 1 member`);
}

/** Adds, and never replaces: the list may have members that this run has not seen. */
export async function addMember(run: Run, groupId: string): Promise<void> {
  const { scim, made, report, untilKnown } = run;
  const value = [{ value: made.userId ?? '', type: 'User' }];
  await untilKnown(() => scim.patch('Groups', groupId, [{ op: 'add', path: 'members', value }]));
  report('added the user to the group');
}
