// The one table of error codes: what each means, what to do, and its causes for docs/troubleshooting.md.
import { AWS_CODES } from './codes-aws.ts';
import { JOB_CODES } from './codes-job.ts';
import { OCI_CODES } from './codes-oci.ts';
import { OKE_CODES } from './codes-oke.ts';
import { SIGNER_CODES } from './codes-signer.ts';

/** What the table says about a code. Markdown; needs no escaping. */
export interface ErrorDescription {
  /** What happened, in one sentence. */
  title: string;
  /** What to do, in one or two sentences. */
  remedy: string;
}

export interface CodeEntry extends ErrorDescription {
  /** Most likely first. The build leaves them out of `dist/`. */
  causes: readonly [string, ...string[]];
}

/** For generated pages and tests. In `dist/` the entries have no causes: runtime code calls `describeError`. */
export const CODES = { ...JOB_CODES, ...OCI_CODES, ...SIGNER_CODES, ...OKE_CODES, ...AWS_CODES };

/** Stable: workflows compare the output `failure-code` with it. */
export type ErrorCode = keyof typeof CODES;

export function describeError(code: ErrorCode): ErrorDescription {
  return CODES[code];
}

/** Path and anchor of the heading for this code. GitHub's anchors are lower case and keep underscores. */
export function helpPath(code: ErrorCode): string {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}
