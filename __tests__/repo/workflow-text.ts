// Finds the steps of workflows, in files and in Markdown, and parses the inputs of those that use the action.
import { parse } from 'yaml';
import { type Config, readConfig } from '../../src/inputs/config.ts';
import { INPUTS, type InputRule } from '../../src/inputs/schema.ts';

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

/** Values for the expressions in examples and pages. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  'vars.OCI_DOMAIN_URL': 'https://idcs-1.identity.oraclecloud.com',
  'vars.OCI_CLIENT_ID': 'application',
  'secrets.OCI_CLIENT_SECRET': 'secret',
  'vars.OCI_REGION': 'eu-frankfurt-1',
  'vars.OCI_AUDIENCE': 'https://idcs-1.identity.oraclecloud.com',
  'vars.OCI_TENANCY': 'ocid1.tenancy.oc1..aaaa',
  'vars.AUDIT_DOMAIN_URL': 'https://idcs-2.identity.oraclecloud.com',
  'vars.AUDIT_CLIENT_ID': 'another',
  'vars.AUDIT_AUDIENCE': 'https://idcs-2.identity.oraclecloud.com',
  'secrets.AUDIT_CLIENT_SECRET': 'another secret',
  'vars.OCI_AWS_CLIENT_ID': 'application-for-aws',
  'secrets.OCI_AWS_CLIENT_SECRET': 'secret for AWS',
  'vars.AWS_ROLE': 'arn:aws:iam::123456789012:role/deploy',
  'vars.OKE_CLUSTER_ID': 'ocid1.cluster.oc1.iad.aaaa1234567890',
  'runner.name': 'runner-1.acme.example',
};

/** The code blocks of a page in one language. */
export function blocksIn(page: string, language = 'ya?ml'): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** All steps with `uses`, in a whole workflow or in a part of one. */
export function usesIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'uses' in value ? [value as Step] : [];
  return [...own, ...Object.values(value).flatMap(usesIn)];
}

export const isLogin = ({ uses = '' }: Step) => /\/oci-wif-action@/.test(uses);
export const isDoctor = ({ uses = '' }: Step) => /\/oci-wif-action\/doctor@/.test(uses);

/** All steps in the YAML blocks of a page that use the action or the doctor. */
export function usesOfTheAction(page: string): Step[] {
  const uses = blocksIn(page).flatMap((text) => usesIn(parse(text)));
  return uses.filter((step) => isLogin(step) || isDoctor(step));
}

/** What is wrong with the inputs of a step that uses the action: unknown, refused, or secrets that are not from `secrets`. */
export function inputFaults(step: Step): string[] {
  const rules: Readonly<Record<string, InputRule<unknown>>> = INPUTS;
  const inputs = Object.entries(step.with ?? {});
  const faults = inputs.flatMap(([name, value]) => {
    const rule = rules[name];
    if (rule === undefined) return [`unknown input ${name}`];
    const isExposed = rule.secret && !/^\$\{\{ secrets\.\w+ \}\}$/.test(String(value));
    return isExposed ? [`${name} is not from secrets`] : [];
  });
  try {
    configOf(step);
  } catch (error) {
    faults.push(String(error));
  }
  return faults;
}

/**
 * Parses the inputs of a step, after replacing the expressions in them.
 * @throws ActionError for inputs that the action refuses; Error for an expression without a value in EXPRESSIONS
 */
export function configOf({ with: inputs = {} }: Step): Config {
  const resolve = (text: string) =>
    text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
      const value = EXPRESSIONS[name];
      if (value === undefined) throw new Error(`add ${name} to EXPRESSIONS`);
      return value;
    });
  const context = { home: '/home/x', workspace: '/srv/repo', platform: 'linux' as const };
  return readConfig((name) => resolve(String(inputs[name] ?? '')), context);
}
