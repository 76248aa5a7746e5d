// Plans the service user and its group. Pure functions.
import { USER_EXTENSION } from '../domain/objects.ts';
import { activateUser, addMember, createGroup, createUser } from './apply-principal.ts';
import { isMark, markFor, markOf } from './names.ts';
import type { Step } from './part.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { count, keep, refuse, warn } from './steps.ts';

export function planUser({ user, repository }: Snapshot, selection: Selection): Step[] {
  const name = user?.userName ?? selection.names.user;
  const object = { system: 'domain', object: 'user', name } as const;
  const mark = markFor(repository.id, targetOf(selection));
  if (user === undefined)
    return [
      {
        action: { ...object, op: 'create', text: 'service user' },
        apply: (run) => createUser(run, repository.fullName, mark),
      },
    ];
  const owner = markOf(user);
  if (isForeign(owner, mark)) return [refuse(object, foreign(owner))];
  if (user[USER_EXTENSION]?.serviceUser !== true)
    return [
      refuse(
        object,
        'is not a service user, and cannot become one; delete it, or choose another name with `--name`',
      ),
    ];
  if (user.active !== false) return [keep(object, 'service user')];
  if (!selection.activate) return [refuse(object, 'is inactive; activate it with `--activate`')];
  return [
    {
      action: { ...object, op: 'change', text: 'is activated' },
      apply: (run) => activateUser(run, user),
    },
  ];
}

export function planGroup({ group, user, repository }: Snapshot, selection: Selection): Step[] {
  const name = group?.displayName ?? selection.names.group;
  const object = { system: 'domain', object: 'group', name } as const;
  const mark = markFor(repository.id, targetOf(selection));
  if (group === undefined)
    return [
      { action: { ...object, op: 'create', text: '1 member' }, apply: (run) => createGroup(run, mark) },
    ];
  if (isForeign(group.externalId, mark)) return [refuse(object, foreign(group.externalId))];
  const members = group.members ?? [];
  const others = members.filter(({ value }) => value !== user?.id);
  const isMember = user !== undefined && others.length < members.length;
  const advice =
    others.length > 0
      ? [warn(object, `${count(others.length, 'other member')} with the same permissions`)]
      : [];
  if (isMember) return [keep(object, count(members.length, 'member')), ...advice];
  const text = `+ member ${user?.userName ?? selection.names.user}`;
  return [
    {
      action: { ...object, op: 'append', text, before: members.map(({ value }) => value) },
      apply: (run) => addMember(run, group.id),
    },
    ...advice,
  ];
}

const isForeign = (externalId: string | undefined, mark: string) => isMark(externalId) && externalId !== mark;

const foreign = (externalId: string | undefined) =>
  `belongs to ${externalId}; choose another name with \`--name\``;
