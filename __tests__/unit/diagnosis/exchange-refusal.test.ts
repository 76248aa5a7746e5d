import { describe, expect, it } from '@jest/globals';
import { type ExchangeContext, explainExchangeRefusal } from '../../../src/diagnosis/exchange-refusal.ts';
import { adviseOnJob } from '../../../src/diagnosis/job-claims.ts';
import type { ActionError, ErrorCode } from '../../../src/errors/action-error.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { DEFAULT_AUDIENCE } from '../../../src/inputs/parsers.ts';
import { trustRules } from '../../../src/inputs/trust-rule.ts';
import { Secret } from '../../../src/secret.ts';
import { stubHttp } from '../stub-http.ts';

const claims = { iss: 'https://issuer', aud: 'oracle', sub: 'repo:a/b:ref' };
const OCI = { audience: DEFAULT_AUDIENCE, trustRules: [], resource: undefined };
const context = {
  domainUrl: new URL('https://idcs-1.example'),
  requester: toClientCredentials('app', new Secret('hunter2')),
  oci: OCI,
  idToken: { claims, expiresAt: Date.UTC(2030, 0, 1) },
  advice: adviseOnJob(claims),
} satisfies ExchangeContext;
const signer = {
  kind: 'instance-principal' as const,
  token: new Secret('h.p.s'),
  privateKeyPem: new Secret('key'),
  facts: { 'opc-tenant': 'ocid1.tenancy.oc1..aaaa' },
  snippets: [{ title: 'A policy', language: 'text' as const, text: 'Allow', isFolded: false }],
};
const resource = { type: '::error::x', lifetimeSeconds: undefined };

const explain = (code: string, text: string, changes: Partial<ExchangeContext> = {}) =>
  explainExchangeRefusal(
    stubHttp(() => ({ status: 404 })).http,
    new ServiceRefusal('domain', { status: 400, code, text, requestId: 'one' }),
    { ...context, ...changes },
  );
const titles = ({ snippets }: ActionError) => snippets.map(({ title }) => title).join();

describe('explainExchangeRefusal', () => {
  it.each([
    ['invalid_client', 'x', 'OCI_CLIENT_REJECTED'],
    ['invalid_request', 'No rules matched for the token', 'OCI_NO_RULE_MATCHED'],
    ['invalid_grant', 'User is not a service user', 'OCI_NOT_A_SERVICE_USER'],
    ['invalid_grant', 'x', 'OCI_EXCHANGE_REJECTED'],
    ['', '', 'OCI_EXCHANGE_REJECTED'],
  ])('returns for %j with %j the code %s', async (code, text, expected) => {
    expect(await explain(code, text)).toMatchObject({ code: expected, status: 400, requestId: 'one' });
  });

  it.each(['No rules matched', 'not a service user'])(
    'never blames rules or users for a resource: %s',
    async (text) => {
      const error = await explain('e', text, { oci: { ...OCI, resource } });
      expect(error.code).toBe('OCI_EXCHANGE_REJECTED');
      expect(titles(error)).not.toContain('rule');
      expect(error.details.join('\n')).toContain('`impersonatingResource` : :error: :x');
      for (const { text: pasted } of error.snippets) expect(pasted).not.toMatch(/service.?user/i);
    },
  );

  it.each<[number, string, string, ErrorCode]>([
    [401, 'invalid_client', 'x', 'OCI_SIGNER_REJECTED'],
    [403, 'unauthorized_client', 'x', 'OCI_SIGNER_REJECTED'],
    [401, '', 'x', 'OCI_SIGNER_REJECTED'],
    // The trust may refuse so, too.
    [401, 'unauthorized_client', 'x', 'OCI_EXCHANGE_REJECTED'],
    [400, 'invalid_grant', 'x', 'OCI_EXCHANGE_REJECTED'],
    [401, 'unauthorized_client', 'No rules matched', 'OCI_NO_RULE_MATCHED'],
  ])('returns for a signer refused by %i %j (%s) the code %s', async (status, code, text, expected) => {
    const refusal = new ServiceRefusal('domain', { status, code, text, requestId: 'one' });
    const http = stubHttp(() => ({ status: 404 })).http;
    const error = await explainExchangeRefusal(http, refusal, { ...context, requester: signer });
    expect(error.code).toBe(expected);
    expect(error.facts).toMatchObject(signer.facts);
    expect(titles(error)).toContain('A policy');
    expect(JSON.stringify(error.snippets)).not.toContain('oauthClients');
  });

  it('shows issuer, audience and subject', async () => {
    const error = await explain('e', 'd');
    expect(error.facts).toEqual({ ...claims, exp: '2030-01-01T00:00:00.000Z' });
    for (const value of Object.values(claims)) expect(error.message).toContain(value);
  });

  it('advises nothing about token and trust when the client was refused', async () => {
    expect(await explain('invalid_client', 'x')).toMatchObject({ facts: {}, details: [], snippets: [] });
  });

  it('shows no trust when only the user is wrong', async () => {
    expect((await explain('e', 'not a service user')).snippets).toEqual([]);
  });

  it('shows no trust for an audience that the input names, when it may be the one that is wrong', async () => {
    const idToken = { ...context.idToken, claims: { ...claims, aud: 'other' } };
    const [chosen, fixed] = [{ ...OCI, audience: 'other' }, OCI];
    const error = await explain('e', 'd', { idToken, oci: chosen });
    expect(error.snippets).toEqual([]);
    expect(error.details).toEqual(['`audience` must be one of the `clientClaimValues` of the trust.']);
    // The trust has accepted the audience before it compares rules.
    expect(titles(await explain('e', 'No rules matched', { idToken, oci: chosen }))).toContain('trust');
    // Some systems do not let a job choose.
    expect(titles(await explain('e', 'd', { idToken, oci: fixed }))).toContain('trust');
  });

  it('tells to add the rule with the subject of the token, unless the log would change its text', async () => {
    expect((await explain('e', 'No rules matched')).remedy).toBe(
      'Add the rule `sub eq repo:a/b:ref` to the trust, exactly as here, without " or \'.',
    );
    const odd = { ...claims, sub: 'repo:`::error::x' };
    const idToken = { ...context.idToken, claims: odd };
    const { remedy } = await explain('e', 'No rules matched', { idToken, advice: adviseOnJob(odd) });
    expect(remedy).not.toContain('error');
  });

  it('shows the rule only when no rule matched', async () => {
    expect(titles(await explain('e', 'No rules matched'))).toContain('rule');
    expect(titles(await explain('e', 'd'))).not.toContain('rule');
  });

  it('shows the advice of the source, and no rule when none is safe', async () => {
    const advice = {
      trustName: 'hcp-terraform',
      subject: 'organization:a:*',
      keysUrl: undefined,
      claimNames: ['phase'],
      notes: ['The phase differs.'],
    };
    const idToken = { ...context.idToken, claims: { ...claims, aud: 'one,two', phase: '::plan' } };
    const error = await explain('e', 'No rules matched', { idToken, advice });
    expect(error.facts).toHaveProperty('phase', ': :plan');
    expect(error.details[0]).toBe('The phase differs.');
    expect(`${error.message} ${error.remedy}`).not.toContain('environment');
    expect((await explain('e', 'No rules matched')).message).toContain(
      'The subject differs with an environment',
    );
    expect(error.snippets[0]).toMatchObject({
      title: 'The rule for the subject of this job',
      text: 'sub eq organization:a:*',
    });
    const pasted = error.snippets.map(({ text }) => text).join('\n');
    expect(pasted).toMatch(/"clientClaimValues": \[\s+"one",\s+"two"/);
    for (const text of ['"name": "hcp-terraform"', '_trust" "hcp" {', '<jwks_uri>'])
      expect(pasted).toContain(text);
    const unsafe = await explain('e', 'No rules matched', { advice: { ...advice, subject: undefined } });
    expect(unsafe.snippets).toEqual([]);
  });

  it('shows a branch or a rule named like a command as harmless text', async () => {
    const ref = 'refs/heads/##[error]x\n::error::y';
    const idToken = { ...context.idToken, claims: { ...claims, ref, sub: `:::${ref}` } };
    const oci = { ...OCI, trustRules: trustRules('sub eq ::error::x ##[error]') };
    const advice = adviseOnJob(idToken.claims);
    const error = await explain('e', 'No rules matched', { idToken, oci, advice });
    expect(error.message).toContain('`trust-rule`');
    for (const line of [error.message, ...Object.values(error.facts), ...error.details])
      expect(line).not.toMatch(/##\[|::|\n/);
  });

  it('names first a rule that matches, then one with a known mistake', async () => {
    const messageFor = async (raw: string) => {
      const oci = { ...OCI, trustRules: trustRules(raw) };
      return (await explain('e', 'No rules matched', { oci })).message;
    };
    expect(await messageFor('ref eq x\nsub eq "repo:a/*"\nsub eq repo:a/*')).toContain(
      '`trust-rule` 3 matches',
    );
    expect(await messageFor('ref eq x\nsub eq "repo:a/*"')).toMatch(
      /`trust-rule` 2 differs .*: quotes in the rule/,
    );
    expect(await messageFor('ref eq x\nsub sw repo:a/')).toContain('`trust-rule` 2 has the operator "sw"');
  });
});
