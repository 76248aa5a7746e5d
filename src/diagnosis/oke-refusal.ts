// Why OKE does not send the kubeconfig of a cluster.
import { ActionError, titled } from '../errors/action-error.ts';
import type { ServiceRefusal } from '../errors/service-refusal.ts';
import { realmOf } from '../inputs/regions.ts';
import { isNotAuthorized } from '../response.ts';
import { explainUnauthenticated } from './service-failure.ts';

export interface ClusterCall {
  /** OCID of the cluster. */
  cluster: string;
  /** The region of OKE that received the request. */
  region: string;
  /** Tenancy of the session. */
  tenancy: string;
  /** As the input `oke-endpoint` names it. */
  endpoint: string;
  /** When the response arrived, milliseconds since the epoch. */
  now: number;
}

export function explainClusterRefusal(
  refusal: ServiceRefusal,
  { cluster, region, tenancy, endpoint, now }: ClusterCall,
): ActionError {
  const { status, code, text, requestId, attempts } = refusal;
  const details = { status, requestId };
  const [realm, own] = [realmOf(cluster), realmOf(tenancy)];
  if (realm !== own && (status === 401 || isNotAuthorized(status, code))) {
    const message = `The cluster ${cluster} is in realm ${realm}, the session in realm ${own} (${status}).`;
    return new ActionError('OKE_NOT_AUTHORIZED', message, {
      ...details,
      remedy: 'Check `oke-cluster`: a session is valid in its own realm only.',
    });
  }
  if (status === 401) return explainUnauthenticated(refusal, now);
  if (isNotAuthorized(status, code)) {
    const message = `OKE in ${region} does not let this session use the cluster ${cluster}: ${text} (${status}, ${attempts}).`;
    return titled('OKE_NOT_AUTHORIZED', message, details);
  }
  const message = `OKE refused the kubeconfig of ${cluster} for the ${endpoint} endpoint: ${text} (${status}, ${attempts}).`;
  return titled('OKE_REFUSED', message, details);
}
