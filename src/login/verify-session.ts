// Whether OCI takes the session, asked before anything of it is written. Loaded only with `verify`.
import type { OciConfig } from '../inputs/config.ts';
import { objectStorageOf, verifySession } from '../oci/namespace.ts';
import type { OciSession, OciSessionDeps } from './oci-session.ts';

/**
 * Finds out whom to ask while nothing has been sent yet, as far as the inputs tell.
 * @returns what is to be done with the session
 * @throws ActionError OCI_REALM_UNKNOWN; what is returned throws that and the codes of `verifySession`
 */
export function planVerification(
  parts: OciSessionDeps,
  { region, tenancy, verifyEndpoint }: OciConfig,
): (session: OciSession) => Promise<void> {
  const { runner, http } = parts;
  const known = verifyEndpoint ?? (tenancy === undefined ? undefined : objectStorageOf(region, tenancy));
  if (known !== undefined) http.preconnect(known);
  return async ({ upst, keyPair }) => {
    const endpoint = known ?? objectStorageOf(region, upst.tenancy);
    const { token } = upst;
    const { privateKeyPem } = keyPair;
    const { namespace, requestId } = await verifySession(parts, endpoint, { token, privateKeyPem });
    runner.info(
      `OCI accepts the session (object storage namespace ${namespace}, request id ${requestId ?? '(none given)'}).`,
    );
  };
}
