import { explainFailure, explainNamespaceRefusal } from '../diagnosis/service-failure.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import type { OciConfig } from '../inputs/config.ts';
import {
  NAMESPACE_CALL,
  type Namespace,
  namespaceRequest,
  objectStorageOf,
  processNamespaceResponse,
} from '../oci/namespace.ts';
import type { StepDeps } from '../ports.ts';
import { type OciSession, proofOf } from './oci-session.ts';

/**
 * Makes one signed call, to find out whether OCI accepts the session. Each attempt is signed anew.
 * @throws ActionError OCI_REALM_UNKNOWN, OCI_SESSION_REFUSED, OCI_CLOCK_SKEWED, OCI_NOT_AUTHORIZED,
 *   OCI_SERVICE_UNREACHABLE, OCI_SERVICE_RESPONSE_MALFORMED, TLS_UNTRUSTED, the PROXY_ codes, DEADLINE_EXCEEDED
 */
export async function verifySession(
  { http, clock }: StepDeps,
  { verifyEndpoint, region }: OciConfig,
  session: Pick<OciSession, 'sessionToken' | 'keyPair'>,
): Promise<Namespace> {
  const { token, tenancy } = session.sessionToken;
  const endpoint = verifyEndpoint ?? objectStorageOf(region, tenancy);
  const proof = proofOf(session);
  try {
    const { response } = await http.retry(NAMESPACE_CALL, async () => ({
      response: await http.send(namespaceRequest(endpoint, proof, clock.now())),
    }));
    return processNamespaceResponse(response, token);
  } catch (error) {
    const explain = (refusal: ServiceRefusal) => explainNamespaceRefusal(refusal, clock.now());
    const hostInput = verifyEndpoint && 'verify-endpoint';
    throw await explainFailure(error, 'object-storage', 'Verifying the session', explain, hostInput);
  }
}
