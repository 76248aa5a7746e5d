// Source: Azure DevOps REST API reference, "Oidctoken - Create"; claims of the old issuer: issue sigstore/fulcio#1803.
import type { SystemSpec } from './systems.ts';

export const AZURE_DEVOPS = {
  organization: 'acme',
  organizationId: '5e1c9d8a-7c42-4b1e-9a57-5b8c9f0a3d21',
  project: 'infra',
  projectId: 'b0f1d6a4-2f7e-4b53-8f0d-3a9e4c5d6e7f',
  connection: 'oci',
  connectionId: '9d2e4f6a-8b1c-4d3e-a5f7-0c1b2d3e4f5a',
  planId: '1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b',
  jobId: '12f1170f-54f2-53f3-20dd-22fc7dff55f9',
  entraTenant: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  ref: 'refs/heads/main',
  commit: '0123456789abcdef0123456789abcdef01234567',
  buildId: '20260042',
} as const;

/** In SYSTEM_OIDCREQUESTURI, without the host. */
export const AZURE_TOKEN_PATH = `/${AZURE_DEVOPS.organization}/${AZURE_DEVOPS.projectId}/_apis/distributedtask/hubs/build/plans/${AZURE_DEVOPS.planId}/jobs/${AZURE_DEVOPS.jobId}/oidctoken`;

const OLD_SUBJECT = `sc://${AZURE_DEVOPS.organization}/${AZURE_DEVOPS.project}/${AZURE_DEVOPS.connection}`;
/** It has no readable names. Microsoft shows it with the service connection. */
const NEW_SUBJECT = `/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/m-lYmU8LFkWZdLXqqe8xfg/sc/${AZURE_DEVOPS.organizationId}/${AZURE_DEVOPS.connectionId}`;

const OLD_CLAIMS = {
  org_id: AZURE_DEVOPS.organizationId,
  prj_id: AZURE_DEVOPS.projectId,
  def_id: '42',
  rpo_id: '7e6d5c4b-3a29-4817-8605-f4e3d2c1b0a9',
  rpo_uri: `https://dev.azure.com/${AZURE_DEVOPS.organization}/${AZURE_DEVOPS.project}/_git/${AZURE_DEVOPS.project}`,
  rpo_ver: AZURE_DEVOPS.commit,
  rpo_ref: AZURE_DEVOPS.ref,
  run_id: AZURE_DEVOPS.buildId,
  sub: OLD_SUBJECT,
};

/** A token that names no service connection: of the pipeline, and always of the old issuer. */
export const pipelineClaims = (origin: string) => ({
  ...OLD_CLAIMS,
  iss: `${origin}/${AZURE_DEVOPS.organizationId}`,
  sub: `p://${AZURE_DEVOPS.organization}/${AZURE_DEVOPS.project}/deploy`,
});

export const azureDevops: SystemSpec = {
  issuerPath: (form) =>
    form === 'new' ? `/${AZURE_DEVOPS.entraTenant}/v2.0` : `/${AZURE_DEVOPS.organizationId}`,
  // The keys of the old issuer are those of all organizations.
  keysPath: (form) =>
    form === 'new' ? `/${AZURE_DEVOPS.entraTenant}/discovery/v2.0/keys` : '/.well-known/jwks',
  fixedAudience: 'api://AzureADTokenExchange',
  lifetimeSeconds: 600,
  notBeforeSeconds: 600,
  hasTokenId: true,
  hasType: true,
  claims: (form) =>
    form === 'old' ? OLD_CLAIMS : { tid: AZURE_DEVOPS.entraTenant, ver: '2.0', sub: NEW_SUBJECT },
  rule: (form) => (form === 'new' ? NEW_SUBJECT : OLD_SUBJECT),
};
