// How findings name objects.
import { quote } from '../../../src/response.ts';
import type { OidcProvider } from '../../aws/aws.ts';
import type { User } from '../../domain/objects.ts';
import type { Found } from '../rule.ts';
import type { TrustRuleEntry } from '../trust-rules.ts';

/** Text of a server between backticks. */
export const shown = (text: string) => `\`${quote(text, []).replaceAll('`', "'")}\``;

export const trustName = ({ name, id }: { name?: string; id: string }) => `trust ${quote(name ?? id, [])}`;
export const ruleName = ({ trust, index }: TrustRuleEntry) => `${trustName(trust)}, rule ${index + 1}`;

/** Positions change; the text and the user of a rule do not. */
const ruleKey = ({ trust, rule, user }: TrustRuleEntry) => [trust.id, rule, user].join('\n');

export const ruleFound = (entry: TrustRuleEntry, evidence: string, fix: string): Found => ({
  object: ruleName(entry),
  key: ruleKey(entry),
  evidence,
  fix,
});

/** @param id as a rule names the user */
export function userName(id: string, users: readonly User[] | undefined): string {
  const user = users?.find((one) => one.id === id || one.ocid === id);
  return `user ${quote(user?.userName ?? id, [])}`;
}

export const appName = ({ displayName, name, id }: { displayName?: string; name?: string; id: string }) =>
  `application ${quote(displayName ?? name ?? id, [])}`;

export const providerName = (provider: OidcProvider) => `AWS provider ${quote(hostOf(provider), [])}`;

/** Its URL without `https://`. The condition keys begin with it. */
export const hostOf = ({ arn }: OidcProvider) =>
  arn.slice(arn.indexOf(':oidc-provider/') + ':oidc-provider/'.length);
