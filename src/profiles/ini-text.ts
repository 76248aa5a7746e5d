// Surgery on the text of a config file: one section changes, every other byte stays.
// Pure. Text here is Latin-1, one character per byte, so that whatever encoding the file has survives untouched.

/** A section as the strictest and the laxest client would see it: `[name]`, possibly with blanks in front. */
export interface Section {
  name: string;
  /** Offset of its header line. */
  start: number;
  /** Offset behind its last key (or its header), line end included; blank lines and comments after that are not part. */
  end: number;
}

const UTF8_BOM = '\xef\xbb\xbf';
const HEADER = /^[ \t]*\[([^\]]*)\]/;
/** Begins the comment that says whose a section is: unlike all other comments, part of the section above it. */
export const OWN_COMMENT = '# oci-wif-action session ';
const BLANK_OR_COMMENT = /^\s*([#;].*)?$/s; // of a whole line, line end included

export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** Text of our own making, such as a path with an umlaut, in the same one-character-per-byte form. */
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

/** The line end that the file uses, judged by its first line. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n';
}

export function listSections(text: string): Section[] {
  const sections: Section[] = [];
  let offset = hasByteOrderMark(text) ? UTF8_BOM.length : 0;
  for (const line of text.slice(offset).split(/(?<=\n)/)) {
    const name = HEADER.exec(line)?.[1];
    const end = offset + line.length;
    const current = sections.at(-1);
    if (name !== undefined) sections.push({ name: plainName(name), start: offset, end });
    else if (current !== undefined && (!BLANK_OR_COMMENT.test(line) || line.startsWith(OWN_COMMENT)))
      current.end = end;
    offset = end;
  }
  return sections;
}

/** Spellings that some client takes for the same name: blanks outside and between, quotes. */
function plainName(name: string): string {
  return name.replace(/["']/g, '').trim().replace(/\s+/g, ' ');
}

export function textOf(text: string, { start, end }: Section): string {
  return text.slice(start, end);
}

/** The value of a key in a section's text, as clients read it: blanks trimmed, the last of several wins. */
export function readKey(sectionText: string, key: string): string | undefined {
  const lines = sectionText.split('\n').filter((line) => !BLANK_OR_COMMENT.test(line));
  const pairs = lines.map((line) => /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line));
  return pairs.findLast((pair) => pair?.[1] === key)?.[2];
}

/** Adds a section at the end. `glue` is the line end that had to close an unfinished last line, or empty. */
export function appendSection(text: string, block: string): { text: string; glue: string } {
  const unfinished = text !== '' && text !== UTF8_BOM && !text.endsWith('\n');
  const glue = unfinished ? lineEndOf(text) : '';
  return { text: text + glue + block, glue };
}

/** Puts a block in the place of a section. `glue` is the line end that an unfinished block needed before what follows. */
export function replaceSection(
  text: string,
  section: Section,
  block: string,
): { text: string; glue: string } {
  const rest = text.slice(section.end);
  const glue = rest !== '' && !block.endsWith('\n') ? lineEndOf(text) : '';
  return { text: text.slice(0, section.start) + block + glue + rest, glue };
}

/** Takes a section out, and with it the `glue` of `appendSection` if nothing has come behind it since. */
export function removeSection(text: string, section: Section, glue: string): string {
  const before = text.slice(0, section.start);
  const after = text.slice(section.end);
  // As another program may have rewritten it since, with all other line ends.
  const added = glue === '' ? '' : lineEndOf(textOf(text, section));
  const isGlued = added !== '' && after === '' && before.endsWith(added);
  return (isGlued ? before.slice(0, -added.length) : before) + after;
}
