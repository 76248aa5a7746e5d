// Source: HCP Terraform docs, "Workload identity tokens" and "Manually generate workload identity tokens".
import type { SystemSpec } from './systems.ts';

export const HCP_TERRAFORM = {
  organization: 'acme',
  organizationId: 'org-GRNbCjYNpBB6NEBH',
  project: 'Default Project',
  projectId: 'prj-vegSA59s1XPwMr2t',
  workspace: 'infra',
  workspaceId: 'ws-mbsd5E3Ktt5Rg2Xm',
  runId: 'run-X3n1AUXNGWbfECsJ',
  phase: 'apply',
} as const;

const WORKSPACE = `organization:${HCP_TERRAFORM.organization}:project:${HCP_TERRAFORM.project}:workspace:${HCP_TERRAFORM.workspace}`;

export const hcpTerraform: SystemSpec = {
  issuerPath: () => '',
  keysPath: () => '/.well-known/jwks',
  // One phase of a run, two hours by default.
  lifetimeSeconds: 7200,
  notBeforeSeconds: 0,
  hasTokenId: true,
  hasType: true,
  claims: () => ({
    terraform_organization_id: HCP_TERRAFORM.organizationId,
    terraform_organization_name: HCP_TERRAFORM.organization,
    terraform_project_id: HCP_TERRAFORM.projectId,
    terraform_project_name: HCP_TERRAFORM.project,
    terraform_workspace_id: HCP_TERRAFORM.workspaceId,
    terraform_workspace_name: HCP_TERRAFORM.workspace,
    terraform_full_workspace: WORKSPACE,
    terraform_run_id: HCP_TERRAFORM.runId,
    terraform_run_phase: HCP_TERRAFORM.phase,
    sub: `${WORKSPACE}:run_phase:${HCP_TERRAFORM.phase}`,
  }),
  rule: () => `${WORKSPACE}:run_phase:${HCP_TERRAFORM.phase}`,
};
