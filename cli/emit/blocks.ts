// Blocks of Terraform's language, as the resources of an identity domain have them.
import { type Attributes, attributes, block, Expression } from '../../src/diagnosis/hcl.ts';

export const ENDPOINT = new Expression('local.domain_url');

export const reference = (address: string, attribute: string) => new Expression(`${address}.${attribute}`);

/** A block at the top, with nested ones. */
export function top(head: string, values: Attributes, nested: readonly string[] = []): string[] {
  return [`${head} {`, ...attributes(values, '  '), ...nested, '}'];
}

/** @param address `<type>.<name>` */
export function resource(address: string, values: Attributes, nested: readonly string[] = []): string[] {
  const labels = address.split('.').map((part) => `"${part}"`);
  return top(`resource ${labels.join(' ')}`, values, nested);
}

/** And an empty line after it. */
export function importOf(address: string, id: string): string[] {
  return [...top('import', { to: new Expression(address), id }), ''];
}

/** @param kind as the provider spells it, for example `identityPropagationTrusts` */
export function domainImport(address: string, domainUrl: string, kind: string, id: string): string[] {
  return importOf(address, `idcsEndpoint/${domainUrl}/${kind}/${id}`);
}

export function blocks(lists: Readonly<Record<string, readonly Attributes[] | undefined>>): string[] {
  return Object.entries(lists).flatMap(([name, items = []]) => items.flatMap((item) => block(name, item)));
}
