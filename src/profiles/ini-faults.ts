// What makes Python's configparser, and so the OCI CLI, the AWS CLI and the SDKs for Python, reject a whole file. Pure.
// Other clients read some of these files, so a login only warns.
import { isUtf8 } from 'node:buffer';
import { hasByteOrderMark, toBytes, withoutByteOrderMark } from './ini-text.ts';

/** Maximum number of faults in a message. */
const MAX_NAMED = 3;

/** The predicate of a sentence about the file: its faults by line, and what to do. Undefined without faults. */
export function adviseOnFaults(text: string): string | undefined {
  const faults = faultsOf(text);
  if (faults.length === 0) return undefined;
  const more = faults.length > MAX_NAMED ? `, and ${faults.length - MAX_NAMED} more` : '';
  const named = faults.slice(0, MAX_NAMED).map(({ line, fault }) => `line ${line} ${fault}`);
  return `cannot be read by the CLIs of OCI and AWS and by SDKs for Python: ${named.join(', ')}${more}. Correct the file`;
}

/**
 * @returns the faults in the order of their lines, with line numbers from 1
 * @see configparser, `RawConfigParser._read` with `strict=True` (Python standard library)
 */
export function faultsOf(text: string): { line: number; fault: string }[] {
  const findFault = createReader();
  return withoutByteOrderMark(text)
    .split('\n')
    .flatMap((content, index) => {
      const fault = index === 0 && hasByteOrderMark(text) ? 'begins with a byte order mark' : undefined;
      const others = [isUtf8(toBytes(content)) ? undefined : 'is not UTF-8', findFault(content)];
      return [fault, ...others].flatMap((one) => (one ? [{ line: index + 1, fault: one }] : []));
    });
}

/** Returns a function that takes the next line and returns its fault, if any. */
function createReader(): (line: string) => string | undefined {
  const known = new Set<string>();
  let section: string | undefined;
  let keyIndent: number | undefined; // indent of the last key; lines with a larger one continue its value
  return (content) => {
    const value = content.trim();
    if (value === '' || /^[#;]/.test(value)) return undefined;
    const indent = content.search(/\S/);
    if (keyIndent !== undefined && indent > keyIndent) return undefined;
    const repeated = (name: string, what: string) => {
      if (known.has(name)) return `repeats ${what}`;
      known.add(name);
      return undefined;
    };
    const header = /^\[(.+)\]/.exec(value)?.[1];
    if (header !== undefined) {
      section = header;
      keyIndent = undefined;
      return header === 'DEFAULT' ? undefined : repeated(header, `[${header}]`);
    }
    if (section === undefined) return 'is before the first section';
    const end = value.search(/[=:]/);
    if (end < 1) return 'is neither a section nor a key with a value';
    const key = value.slice(0, end).trim().toLowerCase();
    keyIndent = indent;
    return repeated(`${section}\n${key}`, `${key} of [${section}]`);
  };
}
