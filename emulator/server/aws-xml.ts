// XML responses of AWS services.
import type { EmulatorResponse } from './message.ts';

/** A list becomes several elements of the same name. */
export type XmlValue = string | number | boolean | XmlMembers | readonly (XmlMembers | string)[];

export interface XmlMembers {
  readonly [name: string]: XmlValue;
}

interface XmlDocument {
  root: string;
  namespace?: string;
  members: XmlMembers;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

export function xml(
  status: number,
  contentType: string,
  { root, namespace, members }: XmlDocument,
): EmulatorResponse {
  const opening = namespace === undefined ? root : `${root} xmlns="${namespace}"`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<${opening}>${content(members)}</${root}>\n`;
  return { status, headers: { 'Content-Type': contentType }, body: Buffer.from(text) };
}

function content(value: XmlValue): string {
  return typeof value === 'object'
    ? Object.entries(value)
        .map(([name, one]) => elements(name, one))
        .join('')
    : escaped(String(value));
}

function elements(name: string, value: XmlValue): string {
  const all = isList(value) ? value : [value];
  return all.map((one) => `<${name}>${content(one)}</${name}>`).join('');
}

function isList(value: XmlValue): value is readonly (XmlMembers | string)[] {
  return Array.isArray(value);
}

/** Control characters become references: a parser would normalize line breaks. */
function escaped(text: string): string {
  return text.replaceAll(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
    /[&<>"'\u0000-\u001f]/g,
    (character) => ENTITIES[character] ?? `&#${character.charCodeAt(0)};`,
  );
}
