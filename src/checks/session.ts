// The job's token and the session that it is exchanged for, which is discarded.
import { diagnosticClaims } from '../diagnosis/job-claims.ts';
import { ActionError } from '../errors/action-error.ts';
import type { OciConfig } from '../inputs/config.ts';
import { type ExchangeInput, exchangeToken, type OciSession, requesterOf } from '../login/oci-session.ts';
import { verifySession } from '../login/verify-session.ts';
import type { IdTokenSource } from '../oci/id-token.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import { adviseOnLifetime, adviseOnSigner } from '../oci/session-advice.ts';
import { assertBindsKey, assertCurrent, assertTenancy, parseSessionToken } from '../oci/session-token.ts';
import type { ExchangedToken } from '../oci/token-endpoint.ts';
import type { StepDeps } from '../ports.ts';
import { quote } from '../response.ts';
import { type CheckResult, Skip, withNeeds } from './check.ts';
import type { CheckContext } from './doctor.ts';

type Session = Pick<OciSession, 'sessionToken' | 'keyPair'>;

const MINUTE_MS = 60_000;
/** Not in the list of any trust. */
const OTHER_AUDIENCE = 'urn:oci-wif-action:doctor';
const EXCHANGE_REFUSALS = ['OCI_NO_RULE_MATCHED', 'OCI_NOT_A_SERVICE_USER', 'OCI_EXCHANGE_REJECTED'];

/** Before the exchange has a response, nothing shows whether the domain accepts the requester. */
const REQUESTER_REFUSALS = ['OCI_CLIENT_REJECTED', 'OCI_SIGNER_REJECTED'];

type Requester = ExchangeInput['requester'];

/** The client of the inputs; or the token of this machine, in a check of its own. */
async function checkRequester(context: CheckContext): Promise<CheckResult<Requester>> {
  const { check, config, validInputs } = context;
  const { client } = config;
  const inputs = validInputs('client-auth', 'client-id', 'client-secret');
  if (client.kind === 'secret') return inputs.done ? { done: true, value: client } : inputs;
  return check(client.kind, [inputs], async () => {
    const value = await requesterOf(context, config);
    const facts = 'facts' in value ? value.facts : {};
    return { value, text: 'OCI issued a token', facts };
  });
}

/** @returns the session, for the checks of clusters, registries and AWS */
export async function checkSession(
  context: CheckContext,
  oci: OciConfig,
  domain: CheckResult<unknown>,
): Promise<CheckResult<Session>> {
  const { check, runner, clock, validInputs, config } = context;
  const keyPair = await context.keyPair;
  runner.mask(keyPair.privateKeyPem);
  const identity = await check('identity token', [validInputs('audience')], async () => {
    const source = context.findIdTokens();
    const first = await source.request(context, oci.audience);
    const seconds = Math.round((first.expiresAt - clock.now()) / 1000);
    const text = `${source.issuer} issued the job's token, for ${seconds} s`;
    const facts = diagnosticClaims(first, source.adviseOn(first.claims));
    return { value: { source, first }, text, facts };
  });
  const ofResource = oci.resource ? (['resource-type', 'rpst-lifetime-seconds'] as const) : [];
  const client = await checkRequester(context);
  const needs = [identity, domain, client, validInputs(...ofResource)] as const;
  // One exchange, for two checks.
  const exchange = withNeeds(needs, (input, _domain, requester) =>
    exchangeToken(context, { ...config, oci }, { ...input, requester, publicKey: keyPair }),
  );
  const error: unknown = await exchange.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const isClient = config.client.kind === 'secret';
  const caller = isClient ? 'application' : 'signer';
  await check(caller, [], () => {
    if (error instanceof Skip || isCode(error, ...REQUESTER_REFUSALS)) throw error;
    // A trust and a policy may refuse a signer with the same code.
    if (!isClient && isCode(error, 'OCI_EXCHANGE_REJECTED')) throw new Skip('needs exchange');
    // The requester is authenticated first: a refusal for another reason shows that it was accepted.
    if (error !== undefined && !isCode(error, ...EXCHANGE_REFUSALS))
      throw new Skip('needs a response to the exchange');
    const advice = [adviseOnSigner(config.client.kind, oci.resource)];
    return { text: isClient ? 'id and secret accepted' : 'signature accepted', advice };
  });
  const token = await check('exchange', [], async () => {
    if (isCode(error, ...REQUESTER_REFUSALS)) throw new Skip(`needs ${caller}`);
    const value = await exchange;
    return { value, text: `granted, request ID ${value.requestId ?? '(none)'}` };
  });
  await checkAudience(context, oci, keyPair, [identity, client, token]);
  return checkSessionToken(context, oci, keyPair, token);
}

/** Only an exchange that the trust should refuse shows whether it checks the audience. A granted token is discarded. */
async function checkAudience(
  context: CheckContext,
  oci: OciConfig,
  publicKey: KeyPair,
  needs: readonly [CheckResult<{ source: IdTokenSource }>, CheckResult<Requester>, CheckResult<unknown>],
): Promise<void> {
  const { check, config, http } = context;
  await check('other audience', needs, async ({ source }, requester) => {
    const other = { ...config, oci: { ...oci, audience: OTHER_AUDIENCE } };
    // No retries: they would use up the time of the checks that follow.
    const once: StepDeps = { ...context, http: { ...http, retry: (_call, attempt) => attempt() } };
    try {
      const first = await source.request(once, OTHER_AUDIENCE);
      // Some CI systems choose the audience.
      if (first.claims['aud'] !== OTHER_AUDIENCE)
        throw new Skip('needs a token for another audience, which the job cannot get');
      await exchangeToken(once, other, { source, first, publicKey, requester });
    } catch (error) {
      if (error instanceof Skip) throw error;
      if (isCode(error, ...REQUESTER_REFUSALS, ...EXCHANGE_REFUSALS)) return { text: 'refused by the trust' };
      throw new Skip('needs a response to a second exchange');
    }
    const text = `The trust checks no audience: it also accepts this job's token for ${OTHER_AUDIENCE}. Set its \`clientClaimName\` to aud and its \`clientClaimValues\` to ${quote(oci.audience, [])}, unless it compares another claim on purpose.`;
    return { text: '', advice: [text] };
  });
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ActionError && codes.includes(error.code);
}

async function checkSessionToken(
  context: CheckContext,
  oci: OciConfig,
  keyPair: KeyPair,
  exchanged: CheckResult<ExchangedToken>,
): Promise<CheckResult<Session>> {
  const { check, clock, validInputs } = context;
  const { tenancy, resource } = oci;
  const session = await check('session', [exchanged], ({ token, requestId, serverTime }) => {
    const sessionToken = parseSessionToken(token, oci.resource, requestId);
    const what = resource === undefined ? '' : `resource ${quote(resource.type, [])}, `;
    return { value: { sessionToken, keyPair, serverTime }, text: `acts as ${what}${sessionToken.principal}` };
  });
  await check('tenancy', [session, validInputs('tenancy')], ({ sessionToken }) => {
    assertTenancy(sessionToken, tenancy);
    const how = tenancy === undefined ? '; `tenancy` would make the login check it' : ', as expected';
    return { text: `${sessionToken.tenancy}${how}` };
  });
  await check('key binding', [session], ({ sessionToken }) => {
    assertBindsKey(sessionToken, keyPair);
    return { text: "bound to this job's key" };
  });
  await check('lifetime', [session], ({ sessionToken, serverTime }) => {
    const now = clock.now();
    const { expiresAt } = sessionToken;
    assertCurrent(sessionToken, now, serverTime);
    const advice = [adviseOnLifetime(resource?.lifetimeSeconds, expiresAt, now, serverTime)];
    return { text: `${Math.round((expiresAt - now) / MINUTE_MS)} min`, advice };
  });
  if (!oci.verify) return session;
  const needs = [session, validInputs('verify', 'verify-endpoint', 'region')] as const;
  await check('verification', needs, async ({ sessionToken }) => {
    const { namespace } = await verifySession(context, oci, { sessionToken, keyPair });
    return { text: `OCI accepts a signed call, for namespace ${namespace}; policies were not tested` };
  });
  return session;
}
