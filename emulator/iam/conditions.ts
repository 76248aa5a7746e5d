// The conditions in matching rules of dynamic groups, and after `where` in statements: `Any {…}`, `All {…}`, or a single one.
// Source: "Writing Matching Rules to Define Dynamic Groups"; "Conditions" of policies.

export type Variables = Readonly<Record<string, string | undefined>>;

/** Whether the variables meet the conditions. A condition that is malformed, or over another variable, is not met. */
export function meetsConditions(text: string, variables: Variables): boolean {
  const { how, conditions } = split(text);
  const isMet = (one: string) => meets(one, variables);
  return how === 'any' ? conditions.some(isMet) : conditions.every(isMet);
}

/** Whether a dynamic group can have this rule. `instance.compartment.id`, `tag.<namespace>.<key>.value`, `resource.type` … */
export function isMatchingRule(text: string): boolean {
  const { conditions } = split(text);
  return conditions.length > 0 && conditions.every((one) => CONDITION.test(one));
}

function split(text: string): { how: 'any' | 'all'; conditions: string[] } {
  const [, how, list = ''] = /^\s*(any|all)\s*\{(.*)\}\s*$/is.exec(text) ?? [];
  if (how === undefined) return { how: 'all', conditions: [text] };
  return {
    how: how.toLowerCase() === 'any' ? 'any' : 'all',
    conditions: list.match(/(?:'[^']*'|[^,'])+/g) ?? [],
  };
}

const CONDITION = /^\s*([\w.]+)\s*(!?=)\s*'([^']*)'\s*$/;

function meets(condition: string, variables: Variables): boolean {
  const [, name = '', operator, value] = CONDITION.exec(condition) ?? [];
  const actual = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (operator === undefined || actual === undefined) return false;
  return (actual === value) === (operator === '=');
}
