// Finds the source of ID tokens: the one that an option names, otherwise that of the CI system.
import { githubIdTokens } from '../../src/github/id-token-source.ts';
import type { IdTokenSource } from '../../src/oci/id-token.ts';
import type { Environment } from '../../src/ports.ts';
import type { SessionOptions } from '../session/options.ts';

export interface SourceContext {
  env: Environment;
  /** With the values of SOURCE_OPTIONS. */
  options: SessionOptions;
}

/** @throws Failure when this job can get no ID token */
export function findIdTokens({ env }: SourceContext): IdTokenSource {
  return githubIdTokens({ env, mask: () => {} });
}
