// Writes Terraform's language: attributes and nested blocks.

/** Written without quotes, for example `var.subject` or `oci_identity_domains_user.job.id`. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Value = string | number | boolean | Expression | readonly Value[] | undefined;
export type Attributes = Readonly<Record<string, Value>>;

/** A nested block, and an empty line before it. */
export function block(name: string, values: Attributes, indent = '  '): string[] {
  return ['', `${indent}${name} {`, ...attributes(values, `${indent}  `), `${indent}}`];
}

/** One line each, in snake case and aligned; undefined ones are left out. */
export function attributes(values: Attributes, indent: string): string[] {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  const rows = present.map(([name, value]) => [toSnakeCase(name), inHcl(value)] as const);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}

export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** Strings are as in JSON, except for the two signs that open a template, and two escapes that HCL does not have. */
export function inHcl(value: Value): string {
  if (value instanceof Expression) return value.text;
  if (Array.isArray(value)) return `[${value.map(inHcl).join(', ')}]`;
  return JSON.stringify(value)
    .replace(/\\(.)/g, (whole, letter: string) => ({ b: '\\u0008', f: '\\u000c' })[letter] ?? whole)
    .replaceAll('${', () => '$${')
    .replaceAll('%{', () => '%%{');
}
