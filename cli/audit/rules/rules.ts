// All rules of the audit, in the order of their ids.
import type { Rule } from '../rule.ts';
import { APPLICATION_RULES } from './applications.ts';
import { AWS_RULES } from './aws.ts';
import { GITHUB_RULES } from './github.ts';
import { POLICY_RULES } from './policies.ts';
import { SECRET_RULES } from './secrets.ts';
import { SETTINGS_RULES } from './settings.ts';
import { SIGNER_RULES } from './signers.ts';
import { TRUST_REACH_RULES } from './trust-reach.ts';
import { TRUST_RULES } from './trusts.ts';
import { USER_RULES } from './users.ts';

/** The letters of the ids, in the order in which findings are shown. */
const AREAS = 'THAUPSW';

const order = ({ id }: { id: string }) => AREAS.indexOf(id.charAt(0)) * 100 + Number(id.slice(1));

export const RULES: readonly Rule[] = [
  ...TRUST_REACH_RULES,
  ...TRUST_RULES,
  ...GITHUB_RULES,
  ...SECRET_RULES,
  ...APPLICATION_RULES,
  ...USER_RULES,
  ...SETTINGS_RULES,
  ...POLICY_RULES,
  ...SIGNER_RULES,
  ...AWS_RULES,
].toSorted((one, other) => order(one) - order(other));

/** Evaluated only when an AWS account is given. */
export const isAboutAws = ({ needs }: Rule) => needs.includes('roles') || needs.includes('providers');
