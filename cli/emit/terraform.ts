// Writes what `setup` plans as Terraform, with `import` blocks for what exists. Pure functions.
import { attributes, Expression } from '../../src/diagnosis/hcl.ts';
import { inShell } from '../../src/diagnosis/trust-template.ts';
import { audienceOf, SECRET, VARIABLES } from '../setup/plan-github.ts';
import type { Selection } from '../setup/selection.ts';
import type { Snapshot } from '../setup/snapshot.ts';
import { comment, inShellIfNeeded } from '../shell.ts';
import { reference, top } from './blocks.ts';
import { APP, appSection, groupSection, policySection, userSection } from './domain-objects.ts';
import { trustSection } from './trust.ts';

export interface TerraformInput {
  snapshot: Snapshot;
  selection: Selection;
  /** The `sub` of the jobs. */
  subject: string;
}

/** More of a file, for example the side of AWS. */
export interface TerraformPart {
  /** Providers and their sources. */
  providers: Readonly<Record<string, string>>;
  sections: readonly (readonly string[])[];
}

const HEADER = `# Made by \`oci-wif setup --emit terraform\`: what \`setup --apply\` would make, for Terraform 1.5 and later or OpenTofu.
#
# Read \`terraform plan\` before you apply it. Terraform updates these objects by PUT, not by appending: whatever others
# have added since this file was written is lost. So the plan must remove nothing. Write the file again when it does.
# Terraform keeps the rules of the trust as a set: rules must exclude each other.
# The state holds the client secret of a new application: protect it. This file holds no secret.`;

/** @throws CommandError SERVICE_REFUSED when the domain did not return what others have */
export function terraform(input: TerraformInput, parts: readonly TerraformPart[] = []): string {
  const { selection } = input;
  const providers = Object.assign({ oci: 'oracle/oci' }, ...parts.map((part) => part.providers));
  const sections = [
    [HEADER],
    requirements(providers),
    [
      '# Use the credentials of an administrator, in the home region.',
      ...top('locals', { domain_url: input.snapshot.domainUrl }),
    ],
    ...(selection.clientAuth === 'secret' ? [appSection(input)] : []),
    ...(selection.tokenType === 'upst' ? [userSection(input), groupSection(input)] : []),
    policySection(input),
    trustSection(input),
    ...outputSections(input),
    ...parts.flatMap((part) => part.sections),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function requirements(providers: Readonly<Record<string, string>>): string[] {
  const sources = Object.entries(providers).map(
    ([name, source]) => [name, new Expression(`{ source = "${source}" }`)] as const,
  );
  const lines = attributes(Object.fromEntries(sources), '    ');
  return ['terraform {', '  required_version = ">= 1.5"', '', '  required_providers {', ...lines, '  }', '}'];
}

function outputSections({ snapshot, selection }: TerraformInput): string[][] {
  const { app, variables, domainUrl, profileRegion } = snapshot;
  const region = selection.region ?? variables[VARIABLES.region] ?? profileRegion;
  const hasClient = selection.clientAuth === 'secret';
  const commands = commandsFor(selection, {
    secret: hasClient && app === undefined ? [SECRET, 'client_secret'] : undefined,
    outputs: hasClient ? { [VARIABLES.clientId]: 'client_id' } : {},
    values: {
      [VARIABLES.domainUrl]: domainUrl,
      [VARIABLES.audience]: audienceOf(snapshot, selection),
      ...(region !== undefined && { [VARIABLES.region]: region }),
    },
  });
  if (!hasClient) return [commands];
  const secret = top('output "client_secret"', { value: reference(APP, 'client_secret'), sensitive: true });
  return [
    [...commands, ...top('output "client_id"', { value: reference(APP, 'name') })],
    ...(app === undefined ? [secret] : []),
  ];
}

interface Stored {
  /** Name in GitHub, and output of Terraform. */
  secret: readonly [name: string, output: string] | undefined;
  /** Outputs of Terraform by the names of variables. */
  outputs: Readonly<Record<string, string>>;
  /** The other variables. Some values come from GitHub or from the trust. */
  values?: Readonly<Record<string, string>>;
}

/** Comments with the commands that store in GitHub what the jobs need. */
export function commandsFor(
  { repository, environment }: Pick<Selection, 'repository' | 'environment'>,
  { secret, outputs, values = {} }: Stored,
): string[] {
  const place = `--repo ${repository}${environment === undefined ? '' : ` --env ${inShell(environment)}`}`;
  const words = [
    ...Object.entries(outputs).map(([name, output]) => [name, `"$(terraform output -raw ${output})"`]),
    ...Object.entries(values).map(([name, value]) => [name, inShellIfNeeded(value)]),
  ];
  const commands = words.map(([name, word]) => comment(`  gh variable set ${name} ${place} --body ${word}`));
  if (secret === undefined) return ['# After the apply:', ...commands];
  return [
    '# Right after the first apply, because a later refresh may leave an empty secret in the state:',
    // In a pipeline, an output that fails would store an empty secret.
    comment(`  SECRET=$(terraform output -raw ${secret[1]}) && test -n "$SECRET" &&`),
    comment(`    printf %s "$SECRET" | gh secret set ${secret[0]} ${place}; unset SECRET`),
    ...commands,
  ];
}
