import type { Environment, Files } from '../ports.ts';
import type { RequestSigner } from './oci-session.ts';

/** What signs an exchange on this machine. Loads its module only for a `client-auth` that needs it. */
export function signersOf(env: Environment, files: Files): RequestSigner {
  return async (deps, kind) => {
    const { requestSigner } = await import('./request-signer.ts');
    return requestSigner({ ...deps, env, files }, kind);
  };
}
