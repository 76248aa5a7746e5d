import { explainRegistryRefusal } from '../diagnosis/registry-refusal.ts';
import { explainFailure } from '../diagnosis/service-failure.ts';
import { processRegistryTokenResponse, type RegistryToken, registryTokenRequest } from '../oci/registry.ts';
import type { SessionProof } from '../oci/request-signature.ts';
import type { Clock, Http } from '../ports.ts';

/**
 * Requests a token of the container registry. Each attempt is signed anew.
 * @param host see `tokenHostOf`
 * @throws ActionError OCIR_TOKEN_REFUSED, OCIR_UNREACHABLE, OCIR_RESPONSE_MALFORMED, OCI_CLOCK_SKEWED, TLS_UNTRUSTED,
 *   the PROXY_ codes, DEADLINE_EXCEEDED
 */
export async function requestRegistryToken(
  { http, clock }: { http: Http; clock: Clock },
  host: string,
  proof: SessionProof,
): Promise<RegistryToken> {
  const label = `a token of ${host}`;
  try {
    const { response } = await http.retry({ label }, async () => ({
      response: await http.send(registryTokenRequest(host, proof, clock.now())),
    }));
    return processRegistryTokenResponse(response, proof.token, clock.now());
  } catch (error) {
    throw await explainFailure(error, 'ocir', `Requesting ${label}`, (refusal) =>
      explainRegistryRefusal(refusal, { host, token: proof.token, now: clock.now() }),
    );
  }
}
