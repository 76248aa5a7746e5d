// The parameters of an action, which arrive as a form.
import type { XmlMembers } from '../server/aws-xml.ts';
import type { World } from '../server/world.ts';
import { refuse } from './responses.ts';

export interface ActionCall {
  form: URLSearchParams;
  world: World;
  account: string;
}

/** @returns the members of the result, undefined for an action without one */
export type Action = (call: ActionCall) => XmlMembers | undefined;

/** The values of `<name>.member.1`, `<name>.member.2` …, or of members of these such as `.Key`. */
export function membersOf(form: URLSearchParams, name: string, member = ''): string[] {
  const values: string[] = [];
  for (let at = 1; ; at += 1) {
    const value = form.get(`${name}.member.${at}${member}`);
    if (value === null) return values;
    values.push(value);
  }
}

/** @returns the tags of the request */
export function tagsOf(form: URLSearchParams): Record<string, string> {
  const values = membersOf(form, 'Tags', '.Value');
  return Object.fromEntries(membersOf(form, 'Tags', '.Key').map((key, at) => [key, values[at] ?? '']));
}

export function shownTags(tags: Readonly<Record<string, string>> = {}): XmlMembers {
  return { member: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

/** @throws {RefusedRequest} */
export function required(form: URLSearchParams, parameter: string, pattern = /^.+$/s): string {
  const value = form.get(parameter) ?? '';
  if (!pattern.test(value)) throw refuse('invalid', parameter, { parameter, value });
  return value;
}
