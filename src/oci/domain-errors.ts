// What the faults of an identity domain are called, whatever was asked of it.

import { ActionError, type ErrorContext, type TransportCodes } from '../errors/action-error.ts';
import type { HttpResponse } from '../ports.ts';
import { isRetryableStatus } from '../response.ts';

export const DOMAIN_CODES: TransportCodes = {
  unreachable: 'OCI_DOMAIN_UNREACHABLE',
  'timed-out': 'OCI_DOMAIN_UNREACHABLE',
  unusable: 'OCI_RESPONSE_MALFORMED',
};

/**
 * For an answer that a later try might have changed, and none did.
 * @throws ActionError OCI_DOMAIN_UNREACHABLE, OCI_RATE_LIMITED
 */
export function assertNotPassing({ status, tries = '1 try' }: HttpResponse, details: ErrorContext): void {
  if (!isRetryableStatus(status)) return;
  const code = status === 429 ? 'OCI_RATE_LIMITED' : 'OCI_DOMAIN_UNREACHABLE';
  throw new ActionError(code, `The domain answered ${status} (${tries}).`, details);
}
