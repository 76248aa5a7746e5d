// The identity domain as anybody sees it: there, trusted, on time, and what it publishes.

import { fetchSigningKeys } from '../aws/web-identity.ts';
import { ActionError, TransportError } from '../errors/action-error.ts';
import { adviseOnClock } from '../login/oci-session.ts';
import { askDomain, type DomainAnswer, readDiscovery } from '../oci/discovery.ts';
import { CLOCK_TOLERANCE_MS } from '../oci/session-token.ts';
import { quote } from '../response.ts';
import type { Outcome } from './check.ts';
import type { Consultation } from './doctor.ts';

export async function checkDomain(consultation: Consultation): Promise<Outcome<DomainAnswer>> {
  const { checkup, http, clock, config, given, wantsRole } = consultation;
  checkup.begin('Identity domain');
  const { domainUrl } = config;
  const domain = await checkup.check('domain', [given('domain-url')], async () => {
    const value = await askDomain(http, domainUrl);
    const how = domainUrl.protocol === 'https:' ? 'certificate accepted' : 'without TLS, on loopback';
    return { value, text: `${domainUrl.host} answers, ${how}` };
  });
  await checkup.check('clock', [domain], ({ serverTime }) => {
    if (serverTime === undefined)
      return { value: null, text: '', advice: ['The domain does not say its time.'] };
    const advice = adviseOnClock(clock.now(), serverTime);
    const isRefused = config.oci && Math.abs(clock.now() - serverTime) > CLOCK_TOLERANCE_MS;
    if (advice !== undefined && isRefused) throw new ActionError('OCI_CLOCK_SKEWED', advice);
    return { value: null, text: "agrees with the domain's", advice: [advice] };
  });
  const discovery = await checkup.check('discovery', [domain], ({ response }) => {
    const value = readDiscovery(response);
    return { value, text: `issuer ${quote(value.issuer, [])}` };
  });
  await checkup.check('signing keys', [discovery], async (document) => {
    try {
      const { ids } = await fetchSigningKeys(http, document);
      return { value: null, text: `public, ${ids.length}` };
    } catch (error) {
      if (error instanceof TransportError) return { value: null, text: '', advice: [`${error.message}.`] };
      const isHidden = error instanceof ActionError && error.code === 'AWS_SIGNING_KEYS_HIDDEN';
      if (!isHidden || wantsRole) throw error;
      return { value: null, text: 'not public; only the way on to AWS needs them' };
    }
  });
  return domain;
}
