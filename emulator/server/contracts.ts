// The list of everything that the emulator refuses, for `npm run emulator -- --contracts`.

import { REFUSALS as awsIam } from '../aws-iam/responses.ts';
import { FEDERATION_REFUSALS as federation, METADATA_REFUSALS as metadata } from '../compute/responses.ts';
import { REFUSALS as domain } from '../domain/responses.ts';
import { REFUSALS as github } from '../github/responses.ts';
import { REFUSALS as githubRest } from '../github/rest-responses.ts';
import { REFUSALS as iam } from '../iam/responses.ts';
import {
  AZURE_DEVOPS_REFUSALS as azureDevops,
  BUILDKITE_REFUSALS as buildkite,
  CIRCLECI_REFUSALS as circleci,
  FORGEJO_REFUSALS as forgejo,
  DOCUMENT_REFUSALS as issuers,
} from '../issuers/responses.ts';
import { REFUSALS as oci } from '../oci/responses.ts';
import { REFUSALS as ocir } from '../ocir/responses.ts';
import {
  CLUSTER_REFUSALS as cluster,
  REFUSALS as oke,
  WORKLOAD_REFUSALS as workload,
} from '../oke/responses.ts';
import { REFUSALS as s3 } from '../s3/responses.ts';
import { REFUSALS as scim } from '../scim/responses.ts';
import { REFUSALS as sts } from '../sts/responses.ts';
import type { Evidence, Refusal } from './refusal.ts';

export const CONTRACTS: Readonly<Record<string, readonly Refusal[]>> = {
  'GitHub OIDC issuer': Object.values(github),
  'GitHub REST API': Object.values(githubRest),
  'Forgejo, tokens': Object.values(forgejo),
  'Azure DevOps, tokens': Object.values(azureDevops),
  'Buildkite, tokens': Object.values(buildkite),
  'CircleCI, tokens': Object.values(circleci),
  'OIDC issuers': Object.values(issuers),
  'Identity domain, OAuth': Object.values(domain),
  'Identity domain, SCIM': Object.values(scim),
  'OCI IAM': Object.values(iam),
  'OCI APIs': Object.values(oci),
  'Kubernetes Engine': Object.values(oke),
  'Kubernetes cluster': Object.values(cluster),
  'Workload identity in a cluster': Object.values(workload),
  'Instance metadata': Object.values(metadata),
  'Federation of instances': Object.values(federation),
  'Container Registry': Object.values(ocir),
  'AWS STS': Object.values(sts),
  'AWS IAM': Object.values(awsIam),
  S3: Object.values(s3),
};

const MEANINGS: Readonly<Record<Evidence, string>> = {
  confirmed: 'the vendor documents it, or several who called the real service quote it',
  reported: 'public sources quote it, but few, or for another call',
  invented: 'chosen for the emulator; nothing may depend on its text',
};
const CODE_WIDTH = Math.max(...allRefusals().map(({ code }) => code.length));

function allRefusals(): Refusal[] {
  return Object.values(CONTRACTS).flat();
}

/** A table for each service: most certain first, under a heading for each source. */
export function describeContracts(): string {
  const evidences = Object.keys(MEANINGS) as Evidence[];
  const meanings = evidences.map((evidence) => {
    const count = allRefusals().filter((refusal) => refusal.evidence === evidence).length;
    return `  ${evidence.padEnd(9)}  ${String(count).padStart(3)}  ${MEANINGS[evidence]}`;
  });
  const services = Object.entries(CONTRACTS).map(([name, refusals]) => {
    const groups = evidences.flatMap((evidence) => groupBySource(refusals, evidence));
    return ['', name, ...groups].join('\n');
  });
  const title = 'What the emulated services refuse, and how sure we are that the real ones say so:';
  return [title, '', ...meanings, ...services, ''].join('\n');
}

function groupBySource(refusals: readonly Refusal[], evidence: Evidence): string[] {
  const bySource = Map.groupBy(
    refusals.filter((refusal) => refusal.evidence === evidence),
    ({ source }) => source,
  );
  return [...bySource].flatMap(([source, group]) => [
    `  ${evidence} (${source})`,
    ...group.map(({ status, code, text }) => `    ${status}  ${(code || '-').padEnd(CODE_WIDTH)}  ${text}`),
  ]);
}
