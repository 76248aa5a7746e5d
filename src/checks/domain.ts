// Checks of the identity domain without a login: connection, certificate, clock, discovery document, signing keys.
import { explainTransport, unavailable } from '../diagnosis/service-failure.ts';
import { fetchSigningKeys } from '../diagnosis/sts-refusal.ts';
import { ActionError, titled } from '../errors/action-error.ts';
import { ServiceRefusal } from '../errors/service-refusal.ts';
import { TransportError } from '../errors/transport-error.ts';
import { CLOCK_TOLERANCE_MS } from '../oci/request-signature.ts';
import { adviseOnClock } from '../oci/session-advice.ts';
import type { Http, HttpResponse } from '../ports.ts';
import { isRetryableStatus, parseObject, quote, serverTimeOf } from '../response.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext } from './doctor.ts';

export async function checkDomain(context: CheckContext): Promise<CheckResult<HttpResponse>> {
  const { check, http, clock, config, validInputs, wantsRole } = context;
  const { domainUrl } = config;
  // Any response is enough: it shows that the certificate was accepted.
  const domain = await check('domain', [validInputs('domain-url')], async () => {
    const value = await fetchDiscovery(http, domainUrl);
    const how = domainUrl.protocol === 'https:' ? 'certificate accepted' : 'without TLS, on loopback';
    return { value, text: `${domainUrl.host} responds, ${how}` };
  });
  await check('clock', [domain], (response) => {
    const serverTime = serverTimeOf(response);
    if (serverTime === undefined) return { text: '', advice: ['The domain does not send its time.'] };
    const advice = adviseOnClock(clock.now(), serverTime);
    const isRefused = config.oci && Math.abs(clock.now() - serverTime) > CLOCK_TOLERANCE_MS;
    if (advice !== undefined && isRefused) throw new ActionError('OCI_CLOCK_SKEWED', advice);
    return { text: "agrees with the domain's", advice: [advice] };
  });
  const discovery = await check('discovery', [domain], (response) => {
    const value = processDiscoveryResponse(response);
    return { value, text: `issuer ${quote(value.issuer, [])}` };
  });
  await check('signing keys', [discovery], async (document) => {
    try {
      const { ids } = await fetchSigningKeys(http, document, domainUrl.origin);
      return { text: `public, ${ids.length} ${ids.length === 1 ? 'key' : 'keys'}` };
    } catch (error) {
      if (error instanceof TransportError) return { text: '', advice: [`${error.message}.`] };
      const isHidden = error instanceof ActionError && error.code === 'AWS_SIGNING_KEYS_HIDDEN';
      if (!isHidden || wantsRole) throw error;
      return { text: 'not public; only a login to AWS needs them' };
    }
  });
  return domain;
}

/** @see OpenID Connect Discovery 1.0 section 4 */
async function fetchDiscovery(http: Http, domainUrl: URL): Promise<HttpResponse> {
  const url = new URL('/.well-known/openid-configuration', domainUrl);
  const request = { method: 'GET', url, headers: { accept: 'application/json' } } as const;
  const label = "the domain's discovery document";
  try {
    const { response } = await http.retry({ label }, async () => ({ response: await http.send(request) }));
    return response;
  } catch (error) {
    throw explainTransport(error, 'domain', `Requesting ${label}`);
  }
}

function processDiscoveryResponse({ status, text, attempts }: HttpResponse) {
  if (isRetryableStatus(status))
    throw unavailable(new ServiceRefusal('domain', { status, attempts, requestId: undefined }));
  const members = status === 200 ? parseObject(text) : undefined;
  const issuer = members?.['issuer'];
  if (members !== undefined && typeof issuer === 'string') return { ...members, issuer };
  const got = status === 200 ? 'a page that is no discovery document' : `status ${status}`;
  const message = `The domain responded to a request for its discovery document with ${got}.`;
  throw titled('OCI_RESPONSE_MALFORMED', message, { status });
}
