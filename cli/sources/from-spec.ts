// Builds a source of ID tokens from its `spec`, in the process that renews tokens.
import { githubIdTokensFrom } from '../../src/github/id-token-source.ts';
import type { IdTokenSource } from '../../src/oci/id-token.ts';

export function idTokensFrom(spec: unknown): IdTokenSource {
  return githubIdTokensFrom(spec);
}
