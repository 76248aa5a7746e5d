// Edits the text of Docker's config file: members of one of its objects change, every other byte stays. Pure.
import { hasByteOrderMark, type Section } from './ini-text.ts';
import type { DockerObject } from './section-target.ts';
import type { TextFormat } from './text-format.ts';

/** The name of our credential helper, which shows the login that installed it: Docker runs `docker-credential-<name>`. */
export function helperName(loginId: string): string {
  return `oci-wif-${loginId}`;
}

const HELPER = /^oci-wif-([0-9a-f]+)$/;

/**
 * Characters at the end of a password that identify it after the rest was blanked: the end of a signature, in base64.
 * They do not reveal the token.
 */
const TAIL = 16;
const PASSWORD = new RegExp(`("auth"[ \\t\\r\\n]*:[ \\t\\r\\n]*")([^"\\\\ ]+)([^"\\\\]{${TAIL}}")`, 'g');

interface Member {
  name: string;
  /** Offset of its name, of its value, and after its value. */
  start: number;
  valueStart: number;
  end: number;
}

interface JsonObject {
  /** Offset after its opening bracket. */
  inner: number;
  end: number;
  members: Member[];
}

/** Members of an object of Docker's config file, as sections. */
export function membersOf(object: DockerObject): TextFormat {
  return {
    faultOf,
    find: (text, name) => {
      if (faultOf(text) !== undefined) return [];
      const found = containerIn(text, object)?.members.filter((one) => one.name === name) ?? [];
      return found.map(({ start, end }) => ({ name, start, end, text: text.slice(start, end) }));
    },
    render: (name, _owner, lines) => `${JSON.stringify(name)}: ${lines.join('')}`,
    writerOf: (member) => HELPER.exec(settingOf(member)?.[1] ?? '')?.[1],
    settingsIn: (member) => [settingOf(member)].flatMap((one) => (one ? [one] : [])),
    uniqueSettingOf: settingOf,
    append: (text, block) => ({
      text: block === '' ? text : addMember(text, object, block),
      addedNewline: '',
    }),
    replace: (text, { start, end }, block) => ({
      text: text.slice(0, start) + block + text.slice(end),
      addedNewline: '',
    }),
    remove: (text, section) => removeMember(text, containerIn(text, object), section),
    absentObjects: (text, host) => {
      const pointers = ['', '/credHelpers', '/auths', `/auths/${host}`];
      return pointers.filter((pointer) => find(text, pointer) === undefined);
    },
    removeObjects,
  };
}

/**
 * Blanks passwords in `auths` in place, also in a text that is no JSON any more.
 * @param isOurs gets the member as text, with its password or with what blanking leaves of it
 */
export function blankPasswords(text: string, isOurs: (member: string) => boolean): string {
  return text.replaceAll(PASSWORD, (all, before: string, password: string, tail: string) => {
    const member = `"": {"auth": "${tail}}`;
    return isOurs(member) ? before + ' '.repeat(password.length) + tail : all;
  });
}

/** Docker and similar clients read the file with Go's encoding/json, which uses the last of two equal keys. */
function faultOf(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  if (hasByteOrderMark(text)) return 'begins with a byte order mark, which Docker does not accept';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const [, line] = /\(line (\d+) column \d+\)/.exec((error as Error).message) ?? [];
    return line === undefined ? 'is not valid JSON' : `is not valid JSON (line ${line})`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is not a JSON object';
  const root = objectAt(text, text.indexOf('{'));
  const containers = root.members.filter(({ name }) => /^(credhelpers|auths)$/i.test(name));
  const other = containers.find(({ valueStart }) => text[valueStart] !== '{');
  if (other !== undefined) return `has no object in ${other.name}`;
  const names = [containers.map(({ name }) => name.toLowerCase())].concat(
    containers.map(({ valueStart }) => objectAt(text, valueStart).members.map(({ name }) => name)),
  );
  const twice = names.flatMap((list) => list.find((name, index) => list.indexOf(name) !== index) ?? []);
  return twice[0] === undefined ? undefined : `has ${JSON.stringify(twice[0])} twice`;
}

const TOKEN = /[ \t\r\n]*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^ \t\r\n"{}[\],:]+)/y;

/** Reads the members of the object whose bracket is at this offset of a valid JSON text. */
function objectAt(text: string, offset: number): JsonObject {
  const members: Member[] = [];
  let [depth, at, start, valueStart] = [0, offset, -1, -1];
  for (;;) {
    TOKEN.lastIndex = at;
    const [all = '', token = ''] = TOKEN.exec(text) ?? [];
    if (token === '') return { inner: offset + 1, end: text.length, members };
    const from = at + all.length - token.length;
    const isValue = depth === 1 && !/^[,:}]$/.test(token);
    if (isValue && start === -1) start = from;
    else if (isValue) valueStart = from;
    const isEnd = depth === 1 && /^[,}]$/.test(token);
    if (isEnd && start !== -1) {
      // `at` is after the token before this one, the end of the value.
      const name = String(JSON.parse(nameAt(text, start)));
      members.push({ name, start, valueStart, end: at });
      start = -1;
    }
    if (/^[{[]$/.test(token)) depth += 1;
    if (/^[}\]]$/.test(token)) depth -= 1;
    at += all.length;
    if (depth === 0) return { inner: offset + 1, end: at, members };
  }
}

function nameAt(text: string, start: number): string {
  TOKEN.lastIndex = start;
  return TOKEN.exec(text)?.[1] ?? '""';
}

/** Go matches the names of the file's objects in any letter case. */
function containerIn(text: string, object: string): JsonObject | undefined {
  const root = text.indexOf('{');
  if (root === -1) return undefined;
  const isNamed = ({ name }: Member) => name.toLowerCase() === object.toLowerCase();
  const found = objectAt(text, root).members.find(isNamed);
  return found && objectAt(text, found.valueStart);
}

function addMember(text: string, object: DockerObject, block: string): string {
  const root = text.indexOf('{');
  if (root === -1) return `{\n\t"${object}": {\n\t\t${block}\n\t}\n}${text}`;
  const container = containerIn(text, object);
  if (container !== undefined) return insert(text, container, block);
  const parent = objectAt(text, root);
  const space = spaceBefore(text, parent);
  // Indents the members of the new object one step more than those of the root object.
  const step = space.replace(/^.*\n/s, '');
  const [before, after] = /\n/.test(space) ? [space + step, space] : ['', ''];
  return insert(text, parent, `"${object}": {${before}${block}${after}}`);
}

/** Adds a member after the last one, with the same space before it. */
function insert(text: string, object: JsonObject, block: string): string {
  const last = object.members.at(-1);
  if (last === undefined) return text.slice(0, object.inner) + block + text.slice(object.inner);
  return `${text.slice(0, last.end)},${spaceBefore(text, object)}${block}${text.slice(last.end)}`;
}

/** The space before the last member of an object; '' without members. */
function spaceBefore(text: string, { inner, members }: JsonObject): string {
  const last = members.at(-1);
  return last === undefined ? '' : (/[ \t\r\n]*$/.exec(text.slice(inner, last.start))?.[0] ?? '');
}

/** Removes exactly what `insert` added: the member with the comma before it. For the first member, the comma after it. */
function removeMember(
  text: string,
  object: JsonObject | undefined,
  { start, end }: Pick<Section, 'start' | 'end'>,
): string {
  const index = object?.members.findIndex((one) => one.start === start) ?? -1;
  if (object === undefined || index === -1) return text;
  const [before, after] = [object.members[index - 1], object.members[index + 1]];
  if (before !== undefined) return text.slice(0, before.end) + text.slice(end);
  return text.slice(0, start) + text.slice(after?.start ?? end);
}

/** The object that a JSON Pointer names, and what to remove with it; undefined if there is none. */
function find(text: string, pointer: string) {
  const [, container, host] = pointer.split('/');
  const root = text.indexOf('{');
  if (root === -1) return undefined;
  if (container === undefined) return { parent: undefined, object: objectAt(text, root), start: root };
  const parent = host === undefined ? objectAt(text, root) : containerIn(text, container);
  const isNamed = ({ name }: Member) =>
    host === undefined ? name.toLowerCase() === container.toLowerCase() : name === host;
  const member = parent?.members.find(isNamed);
  if (parent === undefined || member === undefined || text[member.valueStart] !== '{') return undefined;
  return { parent, object: objectAt(text, member.valueStart), start: member.start };
}

/** Innermost first, because an object can become empty. */
function removeObjects(text: string, pointers: readonly string[]): string {
  const depth = (pointer: string) => pointer.split('/').length;
  const ordered = pointers.toSorted((a, b) => depth(b) - depth(a));
  return ordered.reduce((left, pointer) => {
    const found = find(left, pointer);
    if (found === undefined || found.object.members.length > 0) return left;
    const { parent, object, start } = found;
    if (parent === undefined) return left.slice(0, start) + left.slice(object.end);
    return removeMember(left, parent, { start, end: object.end });
  }, text);
}

/** What identifies a member: the name of a helper, or the end of a password. */
function settingOf(member: string): readonly [key: string, value: string] | undefined {
  const offset = objectStart(member);
  try {
    const value: unknown = JSON.parse(member.slice(offset));
    if (typeof value === 'string') return ['helper', value];
    const { auth } = Object(value) as { auth?: unknown };
    return typeof auth === 'string' && auth !== '' ? ['auth', auth.slice(-TAIL)] : undefined;
  } catch {
    return undefined;
  }
}

/** Offset of the value in a member's text. */
function objectStart(member: string): number {
  const name = nameAt(member, 0);
  return member.indexOf(':', name.length) + 1;
}
