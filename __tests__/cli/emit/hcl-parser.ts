// Parses the part of Terraform's language that the command writes, strictly. The interop tests use HashiCorp's own parser.
import { isDeepStrictEqual } from 'node:util';

export interface HclBlock {
  type: string;
  labels: string[];
  /** Traversals such as `local.url` are kept as `{ $ref }`, calls of `jsonencode` as their argument. */
  attributes: Record<string, unknown>;
  blocks: HclBlock[];
}

const TOKEN =
  /[ \t]+|#[^\n]*|(?<newline>\n)|(?<string>"(?:[^"\\\n]|\\(?:[nrt"\\]|u[\da-fA-F]{4}))*")|(?<number>-?\d+)|(?<word>[A-Za-z_][\w.-]*)|(?<sign>[{}[\]=,()])/y;

/** @throws Error at the first character that is not of the language */
export function parseHcl(text: string): HclBlock[] {
  const tokens = [...tokensOf(text)];
  let at = 0;
  const peek = () => tokens[at] ?? 'end';
  const take = (wanted?: string): string => {
    const token = peek();
    if (wanted !== undefined && token !== wanted)
      throw new Error(`${wanted} expected, not ${token}, before ${tokens.slice(at, at + 9).join(' ')}`);
    at += 1;
    return token;
  };
  const skipLines = () => {
    while (peek() === '\n') at += 1;
  };
  function body(end: string): Pick<HclBlock, 'attributes' | 'blocks'> {
    const result: Pick<HclBlock, 'attributes' | 'blocks'> = { attributes: {}, blocks: [] };
    for (skipLines(); peek() !== end; skipLines()) {
      const name = take();
      if (peek() === '=') {
        take();
        if (Object.hasOwn(result.attributes, name)) throw new Error(`${name} is given twice`);
        result.attributes[name] = value();
      } else result.blocks.push(block(name));
      take('\n');
    }
    return result;
  }
  function block(type: string): HclBlock {
    const labels: string[] = [];
    while (peek() !== '{') labels.push(string(take()));
    take('{');
    take('\n');
    const inner = body('}');
    take('}');
    return { type, labels, ...inner };
  }
  function value(): unknown {
    const token = take();
    if (token === '[') return list();
    if (token === '{') return object();
    if (token.startsWith('"')) return string(token);
    if (/^-?\d+$/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'jsonencode') return call();
    if (/^[a-z_]+(\.[a-z_]+)+$/.test(token)) return { $ref: token };
    throw new Error(`${token} is no value`);
  }
  function call(): unknown {
    take('(');
    const argument = value();
    take(')');
    return argument;
  }
  function list(): unknown[] {
    const items: unknown[] = [];
    for (skipLines(); peek() !== ']'; skipLines()) {
      items.push(value());
      skipLines();
      if (peek() !== ']') take(',');
    }
    take(']');
    return items;
  }
  function object(): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    for (skipLines(); peek() !== '}'; skipLines()) {
      const token = take();
      const name = token.startsWith('"') ? string(token) : token;
      take('=');
      members[name] = value();
      if (peek() === ',') take();
    }
    take('}');
    return members;
  }
  const { attributes, blocks } = body('end');
  if (!isDeepStrictEqual(attributes, {})) throw new Error('an attribute outside of a block');
  return blocks;
}

function* tokensOf(text: string): Generator<string> {
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new Error(`unexpected: ${text.slice(from, from + 40)}`);
    const token = Object.values(groups).find((one) => one !== undefined);
    if (token !== undefined) yield token;
  }
}

/** Without the two signs that open a template, which must be doubled. */
function string(token: string): string {
  const text = String(JSON.parse(token));
  if (/(?<![$%])[$%]\{/.test(text)) throw new Error(`a template: ${text}`);
  return text.replaceAll('$${', '${').replaceAll('%%{', '%{');
}
