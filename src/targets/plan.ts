import type { ExportTarget } from '../inputs/schema.ts';
import { ansibleExports, cliExports, overrideWarning } from './cli.ts';
import { dockerExports, withoutHostPaths } from './docker.ts';
import { kubectlExports } from './kubectl.ts';
import { replacementWarning, reserveExports } from './reservations.ts';
import { resourcePrincipalExports } from './resource-principal.ts';
import type { TargetContext, TargetExports, TargetFilePlan, Variables } from './target.ts';
import { terraformExports, terraformSessionExports } from './terraform.ts';

const TARGETS: Readonly<Record<ExportTarget, (context: TargetContext) => TargetExports>> = {
  cli: cliExports,
  terraform: terraformExports,
  'terraform-session': terraformSessionExports,
  ansible: ansibleExports,
  'resource-principal': resourcePrincipalExports,
  docker: dockerExports,
  kubectl: kubectlExports,
  ocir: () => ({ variables: {} }), // its files contain the login ID, so src/login/registries.ts installs them
};

export type TargetPlan = Required<TargetExports>;

/**
 * What the targets of `export-for` need in later steps. Changes nothing.
 * @throws ActionError EXPORT_CONFLICT
 */
export function planTargets(context: TargetContext): TargetPlan {
  const { env, oci } = context;
  const reservation = reserveExports(env, oci.exportFor, oci);
  const plan: { variables: Variables; files: TargetFilePlan; warnings: string[]; notes: string[] } = {
    variables: {},
    files: {},
    warnings: overrideWarning(env, oci.profile),
    notes: [],
  };
  for (const target of oci.exportFor) {
    const { variables, files, warnings = [], notes = [] } = TARGETS[target](context);
    if (reservation.added.includes(target)) plan.warnings.push(...replacementWarning(env, target, variables));
    plan.variables = { ...plan.variables, ...variables };
    plan.files = { ...plan.files, ...files };
    plan.warnings.push(...warnings);
    plan.notes.push(...notes);
  }
  const isCopied = plan.files.profileCopy !== undefined;
  const variables = isCopied ? withoutHostPaths(plan.variables, env) : plan.variables;
  return { ...plan, variables: { ...variables, ...reservation.variables } };
}
