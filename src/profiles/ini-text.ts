// Edits the text of an INI file: one section changes, every other byte stays. Pure.
// Text is Latin-1, one character per byte, so that the bytes survive whatever encoding the file has.

/** A section begins with `[name]`. Only some clients accept blanks before it; here it counts with and without. */
export interface Section {
  name: string;
  /** Offset of its header line. */
  start: number;
  /** Offset after its last key (or its header) with the line end; later blank lines and comments are not part of it. */
  end: number;
  /** From start to end. */
  text: string;
}

const UTF8_BOM = '\xef\xbb\xbf';
const HEADER = /^[ \t]*\[([^\]]*)\]/;
/** Start of the marker comment. Unlike other comments, it is part of the section above it. */
export const MARKER_START = '# oci-wif-action login ';
const BLANK_OR_COMMENT = /^\s*([#;].*)?$/s; // of a whole line, line end included

/** Empty for a file that is absent. */
export function toText(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes).toString('latin1');
}

export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Converts a normal string, such as a path with an umlaut, to one character per byte of its UTF-8. */
export function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** UTF-16, as some Windows tools write it, has NUL bytes in every ASCII letter; no OCI client reads that. */
export function isReadable(text: string): boolean {
  return !text.includes('\0');
}

export function hasByteOrderMark(text: string): boolean {
  return text.startsWith(UTF8_BOM);
}

export function withoutByteOrderMark(text: string): string {
  return hasByteOrderMark(text) ? text.slice(UTF8_BOM.length) : text;
}

/** The line end that the file uses, judged by its first line. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

export function listSections(text: string): Section[] {
  const sections: Omit<Section, 'text'>[] = [];
  let offset = hasByteOrderMark(text) ? UTF8_BOM.length : 0;
  for (const line of text.slice(offset).split(/(?<=\n)/)) {
    const name = HEADER.exec(line)?.[1];
    const end = offset + line.length;
    const current = sections.at(-1);
    if (name !== undefined) sections.push({ name: normalizedName(name), start: offset, end });
    else if (current !== undefined && (!BLANK_OR_COMMENT.test(line) || line.startsWith(MARKER_START)))
      current.end = end;
    offset = end;
  }
  return sections.map((one) => ({ ...one, text: text.slice(one.start, one.end) }));
}

/** All sections that at least one client reads under this name. */
export function sectionsNamed(text: string, name: string): Section[] {
  return listSections(text).filter((section) => [section.name, awsName(section.name)].includes(name));
}

/**
 * The usual name of a section of AWS's config file that has another spelling: `[profile default]` for `[default]` everywhere,
 * `[profile.x]` in the SDK for JavaScript, `[profileY x]` in botocore.
 * @see parseIni (@smithy/core); build_profile_map (botocore.configloader)
 */
function awsName(name: string): string {
  const [, profile] = /^profile(?:\S* |\.)(\S+)$/.exec(name) ?? [];
  return profile === undefined || profile === 'default' ? (profile ?? name) : `profile ${profile}`;
}

/** Normalizes a name as the most lenient client does: removes quotes, escapes and outer blanks, merges inner blanks. */
function normalizedName(name: string): string {
  return name
    .replace(/["'\\]/g, '')
    .trim()
    .replace(/\s+/g, ' ');
}

/** The value of a key in a section's text, as the most lenient client reads it: any letter case, `=` or `:`, the last of several wins. */
export function readKey(sectionText: string, key: string): string | undefined {
  return settingsIn(sectionText).findLast(([name]) => name === key)?.[1];
}

/** Keys, in small letters, and values of a section's text. */
export function settingsIn(sectionText: string): (readonly [key: string, value: string])[] {
  return settingLines(sectionText).flatMap((line) => {
    const at = line.search(/[=:]/);
    return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
  });
}

/** The lines of a section, or of a text, that are neither blank nor a comment. */
export function settingLines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => !BLANK_OR_COMMENT.test(line));
}

/** The line end that had to be added to an unfinished last line, or empty. */
export type AddedNewline = '' | '\n' | '\r\n';

export interface EditedText {
  text: string;
  addedNewline: AddedNewline;
}

/** Adds a section at the end. */
export function appendSection(text: string, block: string): EditedText {
  const isUnfinished = text !== '' && text !== UTF8_BOM && !text.endsWith('\n');
  const addedNewline = isUnfinished ? lineEndOf(text) : '';
  return { text: text + addedNewline + block, addedNewline };
}

/** Replaces a section by a block. A line end is added when the block has none and other text follows. */
export function replaceSection(text: string, section: Section, block: string): EditedText {
  const rest = text.slice(section.end);
  const addedNewline = rest !== '' && !block.endsWith('\n') ? lineEndOf(text) : '';
  return { text: text.slice(0, section.start) + block + addedNewline + rest, addedNewline };
}

/** Removes a section, and the line end that was added before it, unless other text follows by now. */
export function removeSection(text: string, section: Section, addedNewline: string): string {
  const before = text.slice(0, section.start);
  const after = text.slice(section.end);
  const isAdded = addedNewline !== '' && after === '';
  return (isAdded ? withoutNewlineBefore(before, section.text) : before) + after;
}

/** Another program may have rewritten all line ends since, so the section that follows shows the current one. */
export function withoutNewlineBefore(text: string, followingSection: string): string {
  const newline = lineEndOf(followingSection);
  return text.endsWith(newline) ? text.slice(0, -newline.length) : text;
}
