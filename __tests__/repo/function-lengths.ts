// Measures functions in a source text, by its syntax tree.
import { parseSync } from '@swc/core';

interface Node {
  type?: string;
  span?: { start: number; end: number };
}

const FUNCTIONS = [
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
];

/** How many lines each function takes, nested ones included. */
export function functionLengths(text: string): number[] {
  const bytes = Buffer.from(text);
  const module = parseSync(text, { syntax: 'typescript' });
  // Offsets count bytes from an arbitrary origin; the module itself begins at its first statement.
  const lengths: number[] = [];
  const base = module.span.start;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, span } = value as Node;
    const stretch = (value as { function?: Node }).function?.span ?? span;
    if (type !== undefined && FUNCTIONS.includes(type) && stretch !== undefined) {
      const shift = base - firstByte(bytes);
      lengths.push(
        bytes
          .subarray(stretch.start - shift, stretch.end - shift)
          .toString()
          .split('\n').length,
      );
    }
    for (const inner of Object.values(value)) visit(inner);
  };
  visit(module.body);
  return lengths;
}

/** Where the first statement begins, behind comments and blank lines. */
function firstByte(bytes: Buffer): number {
  const text = bytes.toString();
  const comments = /^(\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? '';
  return Buffer.byteLength(comments);
}
