// The conditions in matching rules of dynamic groups, and after `where` in statements: `Any {…}`, `All {…}`, or a single one.
// Source: "Writing Matching Rules to Define Dynamic Groups"; "Conditions" of policies.

export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether the variables meet the conditions. A condition that is malformed, or over another variable, is not met. */
export function meetsConditions(text: string, variables: Variables): boolean {
  const [, how, list = ''] = /^\s*(any|all)\s*\{(.*)\}\s*$/is.exec(text) ?? [];
  if (how === undefined) return meets(text, variables);
  const conditions = list.match(/(?:'[^']*'|[^,'])+/g) ?? [];
  const isMet = (one: string) => meets(one, variables);
  return how.toLowerCase() === 'any' ? conditions.some(isMet) : conditions.every(isMet);
}

function meets(condition: string, variables: Variables): boolean {
  const [, name = '', operator, value] = /^\s*([\w.]+)\s*(!?=)\s*'([^']*)'\s*$/.exec(condition) ?? [];
  const actual = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (operator === undefined || actual === undefined) return false;
  return (actual === value) === (operator === '=');
}
