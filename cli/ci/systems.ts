// The CI systems, and how a job sees that it runs there.
import type { Environment } from '../../src/ports.ts';

export interface CiSystem {
  name: string;
  /** Identifies a job among all jobs of this machine. */
  job: string;
  /** The checkout, into which no key is written. */
  checkout: string | undefined;
}

interface SystemRule {
  name: string;
  /** Set, and not empty, in every job of the system. */
  sign: string;
  job: readonly string[];
  checkout: string;
}

const SYSTEMS: readonly SystemRule[] = [
  {
    name: 'GitHub',
    sign: 'GITHUB_ACTIONS',
    job: ['GITHUB_RUN_ID', 'GITHUB_JOB'],
    checkout: 'GITHUB_WORKSPACE',
  },
];

/** Undefined outside the systems that this version knows. */
export function ciSystem(env: Environment): CiSystem | undefined {
  const rule = SYSTEMS.find(({ sign }) => Boolean(env(sign)));
  if (rule === undefined) return undefined;
  const job = [rule.name, ...rule.job.map((name) => env(name) ?? '')].join('/');
  return { name: rule.name, job, checkout: env(rule.checkout) || undefined };
}
