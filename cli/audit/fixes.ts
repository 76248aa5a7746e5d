// The commands that fix what a rule found. Lists are written as they were read, with the ETag, so that no change in between is lost.
import type { Grant, IdentityPropagationTrust, Meta } from '../domain/objects.ts';
import type { PatchOperation } from '../domain/scim.ts';
import { inShell, inShellIfNeeded, words } from '../shell.ts';
import type { AuditContext } from './snapshot.ts';
import { environmentIn } from './subject.ts';
import type { TrustRuleEntry } from './trust-rules.ts';

/** Comments and commands. */
export const lines = (...all: readonly string[]) => all.join('\n');

/** A request to the domain through the OCI CLI, which reports a refusal in its output. */
export function rawRequest(
  { domainUrl, ociOptions }: AuditContext,
  method: 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  { body, etag }: { body?: unknown; etag?: string | undefined } = {},
): string {
  return words(
    `oci raw-request --http-method ${method} --target-uri ${inShellIfNeeded(`${domainUrl}/admin/v1/${path}`)}`,
    etag === undefined ? '' : `--request-headers ${inShell(JSON.stringify({ 'if-match': etag }))}`,
    body === undefined ? '' : `--request-body ${inShell(JSON.stringify(body))}`,
    ociOptions,
  );
}

/** @param path for example `Apps/<id>` */
export function patch(
  context: AuditContext,
  path: string,
  meta: Meta | undefined,
  ...operations: readonly PatchOperation[]
): string {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
  return rawRequest(context, 'PATCH', path, {
    body: { schemas, Operations: operations },
    etag: meta?.version,
  });
}

export function patchTrust(
  context: AuditContext,
  trust: IdentityPropagationTrust,
  ...operations: readonly PatchOperation[]
): string {
  return patch(context, `IdentityPropagationTrusts/${trust.id}`, trust.meta, ...operations);
}

export function deactivateTrust(context: AuditContext, trust: IdentityPropagationTrust): string {
  return patchTrust(context, trust, { op: 'replace', path: 'active', value: false });
}

type StoredRule = NonNullable<IdentityPropagationTrust['impersonationServiceUsers']>[number];

/** Writes all rules of the trust, changed. A domain does not return an empty list, so a trust without rules is deleted. */
export function writeRules(
  context: AuditContext,
  trust: IdentityPropagationTrust,
  change: (rules: readonly StoredRule[]) => readonly StoredRule[],
): string {
  const value = change(trust.impersonationServiceUsers ?? []);
  if (value.length > 0)
    return patchTrust(context, trust, { op: 'replace', path: 'impersonationServiceUsers', value });
  const deletion = rawRequest(context, 'DELETE', `IdentityPropagationTrusts/${trust.id}`, {
    etag: trust.meta?.version,
  });
  return lines('# It is the only rule, so the trust is deleted.', deletion);
}

export function removeRule(context: AuditContext, { trust, index }: TrustRuleEntry): string {
  return writeRules(context, trust, (rules) => rules.filter((_, at) => at !== index));
}

export function rewriteRule(context: AuditContext, { trust, index }: TrustRuleEntry, rule: string): string {
  return writeRules(context, trust, (rules) =>
    rules.map((one, at) => (at === index ? { ...one, rule } : one)),
  );
}

/**
 * @param tail of the subject: what the repository's job is; undefined when the reader has to choose an environment
 * @param options for example `--immutable-subject`
 */
export function setup(
  { selectors }: AuditContext,
  repository: string,
  tail: string | undefined,
  ...options: readonly string[]
): string {
  const environment = tail === undefined ? '<environment>' : environmentIn(tail);
  const branch = /^ref:refs\/heads\/([^*]+)$/.exec(tail ?? '')?.[1];
  const job =
    branch === undefined
      ? `--environment ${inShellIfNeeded(environment ?? '<environment>')}`
      : `--branch ${inShellIfNeeded(branch)}`;
  return words(
    `oci-wif setup --repo ${inShellIfNeeded(repository)} ${job}`,
    ...options,
    selectors,
    '--apply',
  );
}

/** Removes an administrator's role. Its id is known when the grants could be read. */
export function revoke(
  context: AuditContext,
  grantee: string,
  role: string,
  grants: readonly Grant[] | undefined,
): string {
  const grant = grants?.find(
    (one) => one.grantee?.value === grantee && one.entitlement?.attributeValue === role,
  );
  if (grant !== undefined) return rawRequest(context, 'DELETE', `Grants/${grant.id}`);
  return `Remove the role in the console, or find its grant: GET ${context.domainUrl}/admin/v1/Grants?filter=grantee.value eq "${grantee}"`;
}
