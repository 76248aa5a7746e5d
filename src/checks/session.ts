// The job's identity and the session that it gets for it: asked for, looked at, thrown away.

import { diagnosticClaims } from '../diagnosis/claims.ts';
import { type ActionError, toActionError } from '../errors/action-error.ts';
import { findIdTokenSource } from '../github/id-token.ts';
import type { OciConfig } from '../inputs/config.ts';
import { adviseOnLife, askForIdToken, exchange, kindOf } from '../login/oci-session.ts';
import type { DomainAnswer } from '../oci/discovery.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { objectStorageOf, verifySession } from '../oci/namespace.ts';
import {
  assertBindsKey,
  assertCurrent,
  assertTenancy,
  parseSessionTokenClaims,
} from '../oci/session-token.ts';
import type { ExchangedToken } from '../oci/token-exchange.ts';
import { quote } from '../response.ts';
import { type Outcome, Skip, withNeeds } from './check.ts';
import type { Consultation } from './doctor.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

export async function checkSession(
  consultation: Consultation,
  oci: OciConfig,
  domain: Outcome<DomainAnswer>,
): Promise<void> {
  const { checkup, runner, clock, given } = consultation;
  const keyPair = await consultation.keyPair;
  runner.mask(keyPair.privateKeyPem);
  checkup.begin('OCI session');
  const identity = await checkup.check('identity token', [given('audience')], async () => {
    const source = findIdTokenSource(runner.env);
    const first = await askForIdToken(consultation, source, oci);
    const seconds = Math.round((first.expiresAt - clock.now()) / SECOND_MS);
    const text = `GitHub vouches for this job, for ${seconds} s`;
    return { value: { source, first }, text, facts: diagnosticClaims(first) };
  });
  const { domainUrl, client: credentials } = consultation.config;
  const ofResource = oci.resource ? (['resource-type', 'rpst-lifetime-seconds'] as const) : [];
  const needs = [identity, domain, given('client-id', 'client-secret', ...ofResource)] as const;
  const answer = await settle(() =>
    withNeeds(needs, (found) =>
      exchange(consultation, { ...found, keyPair, config: oci, domainUrl, credentials }),
    ),
  );
  await checkup.check('application', [], () => checkApplication(answer));
  const exchanged = await checkup.check('exchange', [], () => {
    if ('error' in answer) throw isAboutClient(answer) ? new Skip('needs application') : answer.error;
    return { value: answer, text: `granted, request id ${answer.requestId ?? '(none given)'}` };
  });
  await checkGranted(consultation, oci, keyPair, exchanged);
}

/** What was granted: read, held to what is expected, and on request tried. */
async function checkGranted(
  consultation: Consultation,
  oci: OciConfig,
  keyPair: KeyPair,
  exchanged: Outcome<ExchangedToken>,
): Promise<void> {
  const { checkup, clock, given } = consultation;
  const { tenancy, resource } = oci;
  const kind = kindOf(oci);
  const session = await checkup.check('session', [exchanged], (answered) => {
    const claims = parseSessionTokenClaims(answered.token, { kind, requestId: answered.requestId });
    const what = resource === undefined ? '' : `resource ${quote(resource.type, [])}, `;
    return { value: { claims, ...answered }, text: `acts as ${what}${claims.principal}` };
  });
  await checkup.check('tenancy', [session, given('tenancy')], ({ claims, requestId }) => {
    assertTenancy(claims, { tenancy, requestId });
    const how = tenancy === undefined ? '; `tenancy` would hold the login to it' : ', as expected';
    return { value: null, text: `${claims.tenancy}${how}` };
  });
  await checkup.check('key binding', [session], ({ claims, requestId }) => {
    assertBindsKey(claims, { publicJwk: keyPair.publicJwk, requestId });
    return { value: null, text: "bound to this job's key" };
  });
  await checkup.check('lifetime', [session], async ({ claims, serverTime, requestId }) => {
    const now = clock.now();
    assertCurrent(claims, { now, serverTime, requestId });
    const minutes = Math.round((claims.expiresAt - now) / MINUTE_MS);
    return {
      value: null,
      text: `${minutes} min`,
      advice: [await adviseOnLife(oci, claims, now, serverTime)],
    };
  });
  if (!oci.verify) return;
  const called = [session, given('verify', 'verify-endpoint', 'region')] as const;
  await checkup.check('verification', called, async ({ claims, token }) => {
    const endpoint = oci.verifyEndpoint ?? objectStorageOf(oci.region, claims.tenancy);
    const { privateKeyPem } = keyPair;
    const { namespace } = await verifySession(consultation, endpoint, { token, privateKeyPem });
    return { value: null, text: `OCI accepts a signed call, for namespace ${namespace}` };
  });
}

type Answer = ExchangedToken | { error: ActionError | Skip };

async function settle(work: () => Promise<ExchangedToken>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    return { error: error instanceof Skip ? error : toActionError(error) };
  }
}

function isAboutClient(answer: Answer): boolean {
  return 'error' in answer && !(answer.error instanceof Skip) && answer.error.code === 'OCI_CLIENT_REJECTED';
}

/** A refusal for another reason says that id and secret were accepted: the client is authenticated first. */
function checkApplication(answer: Answer) {
  const ok = { value: null, text: 'id and secret accepted' };
  if (!('error' in answer)) return ok;
  const { error } = answer;
  if (error instanceof Skip || isAboutClient(answer)) throw error;
  const isRefusal = ['OCI_NO_RULE_MATCHED', 'OCI_NOT_A_SERVICE_USER', 'OCI_EXCHANGE_REJECTED'].includes(
    error.code,
  );
  if (!isRefusal) throw new Skip('needs an answer to the exchange');
  return ok;
}
