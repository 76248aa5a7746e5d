// The config file as clients read it, by the documented rules of three families of clients.

export type Sections = Map<string, Map<string, string>>;

/** Go: a header only at column 0 and up to the last bracket, the first section of a name, values cut at a second `=`. */
export function readLikeGo(text: string): Sections {
  const sections: Sections = new Map();
  let current: Map<string, string> | undefined;
  for (const line of text.split('\n')) {
    const name = /^\[(.*)\]/.exec(line)?.[1];
    if (name !== undefined) {
      current = new Map();
      if (!sections.has(name)) sections.set(name, current);
    } else if (line.includes('=')) {
      const [key = '', value = ''] = line.split('=');
      current?.set(key.trim().toLowerCase(), value.trim());
    }
  }
  return sections;
}

/** Python's configparser: strict about duplicates, `:` separates too, an indented line continues a value. */
export function readLikePython(text: string): Sections {
  const sections: Sections = new Map();
  let current: Map<string, string> | undefined;
  let lastKey: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const name = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (/^\s/.test(line) && current !== undefined && lastKey !== undefined) {
      current.set(lastKey, `${current.get(lastKey)}\n${line.trim()}`);
    } else if (name !== undefined) {
      if (sections.has(name)) throw new Error(`DuplicateSectionError: ${name}`);
      current = new Map();
      lastKey = undefined;
      sections.set(name, current);
    } else {
      lastKey = addPythonOption(current, line);
    }
  }
  return sections;
}

function addPythonOption(section: Map<string, string> | undefined, line: string): string {
  const [, key, value = ''] = /^(.*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
  if (section === undefined) throw new Error('MissingSectionHeaderError');
  if (key === undefined) throw new Error(`ParsingError: ${line}`);
  const folded = key.trim().toLowerCase();
  if (section.has(folded)) throw new Error(`DuplicateOptionError: ${folded}`);
  section.set(folded, value.trim());
  return folded;
}

/** TypeScript, Java, .NET: every line trimmed, `#` alone begins a comment, a line without `=` is an error. */
export function readLikeTypeScript(text: string): Sections {
  const sections: Sections = new Map();
  let current: Map<string, string> | undefined;
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      const name = line.slice(1, -1).trim();
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const split = line.indexOf('=');
    if (split < 0 || current === undefined) throw new Error(`Found line with no key-value pair: ${line}`);
    current.set(line.slice(0, split).trim(), line.slice(split + 1).trim());
  }
  return sections;
}
