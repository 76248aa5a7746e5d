// Measures the functions of a TypeScript source by its syntax tree.
import { parseSync } from '@swc/core';

export interface MeasuredFunction {
  /** `anonymous` for one that is not assigned to a name. */
  name: string;
  /** Nested functions included. */
  lines: number;
}

interface Node {
  type?: string;
  span?: { start: number; end: number };
  identifier?: Node;
  id?: Node;
  key?: Node;
  value?: unknown;
  function?: Node;
}

const FUNCTIONS = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
  'MethodProperty',
];

export function functionsIn(text: string): MeasuredFunction[] {
  const bytes = Buffer.from(text);
  const module = parseSync(text, { syntax: 'typescript' });
  // Offsets count bytes from an arbitrary origin; the module itself begins at its first statement.
  const shift = module.span.start - firstByte(text);
  const found: MeasuredFunction[] = [];
  const visit = (value: unknown, outerName: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    const ownName = [node.identifier, node.id, node.key].map((one) => one?.value).find(Boolean);
    const name = typeof ownName === 'string' ? ownName : outerName;
    const span = node.function?.span ?? node.span;
    const isFunction = node.type !== undefined && FUNCTIONS.includes(node.type);
    if (isFunction && span !== undefined) {
      const source = bytes.subarray(span.start - shift, span.end - shift).toString();
      found.push({ name, lines: source.split('\n').length });
    }
    for (const inner of Object.values(value)) visit(inner, isFunction ? 'anonymous' : name);
  };
  visit(module.body, 'anonymous');
  return found;
}

/** Where the first statement begins, after comments and blank lines. */
function firstByte(text: string): number {
  const comments = /^(\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? '';
  return Buffer.byteLength(comments);
}
