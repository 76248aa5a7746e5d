// Reads workflows as text, whole ones and the pieces of them in our pages, and hands their uses of the action to the
// action's own reader of inputs.
import { parse } from 'yaml';
import { toClientCredentials } from '../../src/inputs/client-credentials.ts';
import { type Config, type ExportTarget, readConfig } from '../../src/inputs/config.ts';
import { Secret } from '../../src/secret.ts';
import { variablesForAnsible, variablesForCli } from '../../src/targets/cli.ts';
import { variablesForResourcePrincipal } from '../../src/targets/resource-principal.ts';
import {
  variablesForBackend,
  variablesForTerraform,
  variablesForTerraformSession,
} from '../../src/targets/terraform.ts';

export interface Step {
  id?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, unknown>;
}

/** What the expressions in our examples stand for; an author has them in the repository's settings, or GitHub gives them. */
const MEANT: Readonly<Record<string, string>> = {
  'vars.OCI_DOMAIN_URL': 'https://idcs-1.identity.oraclecloud.com',
  'vars.OCI_CLIENT_ID': 'application',
  'secrets.OCI_CLIENT_SECRET': 'the secret of it',
  'vars.OCI_REGION': 'eu-frankfurt-1',
  'vars.OCI_TENANCY': 'ocid1.tenancy.oc1..aaaa',
  'vars.AUDIT_DOMAIN_URL': 'https://idcs-2.identity.oraclecloud.com',
  'vars.AUDIT_CLIENT_ID': 'another',
  'secrets.AUDIT_CLIENT_SECRET': 'the secret of that',
  'vars.OCI_AWS_CLIENT_ID': 'application-for-aws',
  'secrets.OCI_AWS_CLIENT_SECRET': 'the secret of the one for AWS',
  'vars.AWS_ROLE': 'arn:aws:iam::123456789012:role/deploy',
  'runner.name': 'runner-1.acme.example',
};

/** The blocks of a page in one language, as they stand there. */
export function blocksIn(page: string, language = 'ya?ml'): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

/** Every step that uses something, in a whole workflow or in a piece of one. */
export function usesIn(value: unknown): Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'uses' in value ? [value as Step] : [];
  return [...own, ...Object.values(value).flatMap(usesIn)];
}

export const isLogin = ({ uses = '' }: Step) => /\/oci-wif-action@/.test(uses);
export const isDoctor = ({ uses = '' }: Step) => /\/oci-wif-action\/doctor@/.test(uses);

/** Every use of the action in the YAML blocks of a page, and of the doctor. */
export function usesOfTheAction(page: string): Step[] {
  const uses = blocksIn(page).flatMap((text) => usesIn(parse(text)));
  return uses.filter((step) => isLogin(step) || isDoctor(step));
}

/**
 * The configuration that a step asks for, with its expressions replaced by what they stand for.
 * @throws ActionError for inputs that the action would refuse; Error for an expression that nobody has explained
 */
export function configOf({ with: inputs = {} }: Step): Config {
  const resolve = (text: string) =>
    text.replace(/\$\{\{ ([\w.]+) \}\}/g, (_, name: string) => {
      const value = MEANT[name];
      if (value === undefined) throw new Error(`what is ${name}?`);
      return value;
    });
  const surroundings = { home: '/home/x', workspace: '/srv/repo', platform: 'linux' as const };
  return readConfig((name) => resolve(String(inputs[name] ?? '')), surroundings);
}

/** What each door exports on Linux. */
export function variablesOfDoors(): Readonly<Record<ExportTarget, readonly string[]>> {
  const profile = { configFile: '/a', profile: 'b', region: 'c' };
  const client = toClientCredentials('id', new Secret('secret'));
  const federation = { ...profile, client, domainUrl: new URL('https://domain.example') };
  const backend = variablesForBackend(profile, 'linux');
  return {
    cli: Object.keys(variablesForCli(profile)),
    terraform: Object.keys({ ...variablesForTerraform(federation, '/d'), ...backend }),
    'terraform-session': Object.keys({ ...variablesForTerraformSession(profile), ...backend }),
    ansible: Object.keys(variablesForAnsible(profile)),
    'resource-principal': Object.keys(variablesForResourcePrincipal({ tokenFile: '/e', keyFile: '/f' }, 'c')),
    docker: [],
  };
}
