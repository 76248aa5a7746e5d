// The issuers of other CI systems: their documents, their claims, and what a domain makes of their tokens.
import { describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { AZURE_DEVOPS, AZURE_TOKEN_PATH } from '../../../emulator/issuers/azure-devops.ts';
import { BUILDKITE_TOKEN_PATH } from '../../../emulator/issuers/buildkite.ts';
import { FORGEJO_TOKEN_PATH } from '../../../emulator/issuers/forgejo.ts';
import { type Issuer, startIssuer, trustFor } from '../../../emulator/issuers/issuer.ts';
import { CI_SYSTEMS } from '../../../emulator/issuers/systems.ts';
import {
  type Call,
  call,
  exchange,
  exchangeForm,
  expectRefusal,
  INVALID,
  INVALID_GRANT,
  UNAUTHORIZED,
} from './client.ts';
import { startTestEmulator } from './test-emulator.ts';

const { emulator, clock } = await startTestEmulator();
const AUDIENCE = emulator.inputs.audience;

async function trusted(
  ...args: Parameters<typeof startIssuer> extends [unknown, ...infer Rest] ? Rest : never
) {
  const issuer = await startIssuer(emulator, ...args);
  emulator.world.settings.trusts = [trustFor(issuer)];
  return issuer;
}

const exchanged = async (token: string) => exchange(emulator, exchangeForm(token));

const audienceOf = ({ system }: Issuer) =>
  system === 'azure-devops' ? 'api://AzureADTokenExchange' : AUDIENCE;

describe('an issuer', () => {
  it.each(CI_SYSTEMS)('of %s publishes its keys where its discovery document says', async (system) => {
    for (const form of ['new', 'old'] as const) {
      const issuer = await startIssuer(emulator, system, { form });
      const document = await call(emulator, `${issuer.url}/.well-known/openid-configuration`);
      expect(document.json).toMatchObject({ issuer: issuer.url, jwks_uri: issuer.keysUrl });
      const keys = createRemoteJWKSet(new URL(issuer.keysUrl), {
        [customFetch]: async (url) => Response.json((await call(emulator, url)).json),
      });
      const token = await issuer.issue(AUDIENCE);
      const options = { issuer: issuer.url, audience: AUDIENCE, currentDate: new Date(clock.now) };
      expect((await jwtVerify(token, keys, options)).payload.sub).toMatch(/./);
    }
  });

  it.each(CI_SYSTEMS)('of %s is trusted by a domain with a trust for it, and by no other', async (system) => {
    const issuer = await trusted(system);
    const token = await issuer.issue(audienceOf(issuer));
    expect((await exchanged(token)).status).toBe(200);
    emulator.world.settings.trusts = [{ ...trustFor(issuer), publicKeyEndpoint: `${issuer.keysUrl}/other` }];
    expectRefusal(emulator, await exchanged(token), INVALID_GRANT, /no applicable key/);
    emulator.world.settings.trusts = [{}];
    expectRefusal(emulator, await exchanged(token), [400, 'invalid_grant'], /0 active trusts/);
  });

  it('that the domain does not reach has no keys', async () => {
    const issuer = await trusted('gitlab');
    issuer.isPublic = false;
    expectRefusal(
      emulator,
      await exchanged(await issuer.issue(AUDIENCE)),
      INVALID_GRANT,
      /no applicable key/,
    );
    expect((await call(emulator, issuer.keysUrl)).status).toBe(503);
  });

  it('signs tokens that are empty, expired or for another audience when told so', async () => {
    const issuer = await trusted('gitlab');
    issuer.fault = 'empty';
    expect(await issuer.issue(AUDIENCE)).toBe('');
    issuer.fault = 'expired';
    expectRefusal(emulator, await exchanged(await issuer.issue(AUDIENCE)), INVALID_GRANT, /exp/);
    issuer.fault = 'other-audience';
    expectRefusal(emulator, await exchanged(await issuer.issue(AUDIENCE)), INVALID, /client claim/);
  });
});

describe('the claims', () => {
  const claimsOf = async (...[system, options]: [Issuer['system'], Parameters<typeof startIssuer>[2]?]) =>
    decodeJwt(await (await startIssuer(emulator, system, options)).issue(AUDIENCE));

  it('of GitLab have a bare `ref`', async () => {
    expect(await claimsOf('gitlab')).toMatchObject({
      sub: 'project_path:acme/infra:ref_type:branch:ref:main',
      ref: 'main',
      ref_path: 'refs/heads/main',
    });
  });

  it('of Forgejo have ids in `sub` for a new repository, and none for an old one', async () => {
    expect((await claimsOf('forgejo')).sub).toBe('repo:acme-1001/infra-2002:ref:refs/heads/main');
    expect((await claimsOf('forgejo', { form: 'old' })).sub).toBe('repo:acme/infra:ref:refs/heads/main');
  });

  it('of Bitbucket have another step in each `sub`, and an array of several audiences', async () => {
    const issuer = await startIssuer(emulator, 'bitbucket');
    const [one, two] = [decodeJwt(await issuer.issue(['a', 'b'])), decodeJwt(await issuer.issue('a'))];
    expect(one.sub).toBe(`${one['repositoryUuid']}:${one['stepUuid']}`);
    expect(one.sub).not.toBe(two.sub);
    expect([one.aud, two.aud]).toEqual([['a', 'b'], 'a']);
  });

  it('of Kubernetes have an array as `aud`, always', async () => {
    const token = await (await startIssuer(emulator, 'kubernetes')).issue(AUDIENCE);
    expect(decodeJwt(token).aud).toEqual([AUDIENCE]);
    expect(decodeProtectedHeader(token)).not.toHaveProperty('typ');
  });

  it('of Azure DevOps come from the tenant, or from the organization with the old issuer', async () => {
    const [recent, old] = [await claimsOf('azure-devops'), await claimsOf('azure-devops', { form: 'old' })];
    expect(new URL(String(recent.iss)).pathname).toBe(`/${AZURE_DEVOPS.entraTenant}/v2.0`);
    expect(old).toMatchObject({ sub: 'sc://acme/infra/oci', org_id: AZURE_DEVOPS.organizationId });
  });

  it.each(['circleci', 'bitbucket', 'jenkins'] as const)(
    'of %s have neither `jti` nor `nbf`',
    async (system) => {
      const claims = await claimsOf(system);
      expect([claims.jti, claims.nbf]).toEqual([undefined, undefined]);
    },
  );
});

describe('a trust', () => {
  it.each([
    ['none', [], [1, 2]],
    ['single', [1], [2]],
    ['any', [1, 2], []],
  ] as const)(
    'with `clientClaimArrays: %s` accepts arrays of %j audiences, and not of %j',
    async (setting, good, bad) => {
      const issuer = await trusted('bitbucket');
      emulator.world.settings.clientClaimArrays = setting;
      const withAudiences = async (count: number) => {
        issuer.claims = { aud: [AUDIENCE, 'other'].slice(0, count) };
        return exchanged(await issuer.issue(AUDIENCE));
      };
      for (const count of good) expect((await withAudiences(count)).status).toBe(200);
      for (const count of bad) expectRefusal(emulator, await withAudiences(count), INVALID, /client claim/);
    },
  );

  it('accepts a token again, unless the domain refuses a second exchange', async () => {
    const issuer = await trusted('gitlab');
    const token = await issuer.issue(AUDIENCE);
    expect((await exchanged(token)).status).toBe(200);
    expect((await exchanged(token)).status).toBe(200);
    emulator.world.settings.refusesReplays = true;
    expectRefusal(emulator, await exchanged(token), INVALID_GRANT, /exchanged before/);
    expect((await exchanged(await issuer.issue(AUDIENCE))).status).toBe(200);
  });

  it('does not match `sub` of another job', async () => {
    const issuer = await trusted('buildkite');
    issuer.claims = { sub: 'organization:other:pipeline:infra:ref:refs/heads/main:commit:0:step:x' };
    expectRefusal(emulator, await exchanged(await issuer.issue(AUDIENCE)), UNAUTHORIZED, /no rule/);
  });
});

describe('the token endpoint', () => {
  const asked = (issuer: Issuer, path: string, options: Call & { scheme?: string } = {}) => {
    const { scheme = 'Bearer', headers, ...rest } = options;
    const Authorization = `${scheme} ${issuer.bearer}`;
    return call(emulator, `${issuer.origin}${path}`, { ...rest, headers: { Authorization, ...headers } });
  };

  it('of Forgejo speaks the protocol of GitHub', async () => {
    const issuer = await startIssuer(emulator, 'forgejo');
    const response = await asked(issuer, `${FORGEJO_TOKEN_PATH}?api-version=2.0&audience=here`);
    expect(decodeJwt(String(response.json['value']))).toMatchObject({
      aud: 'here',
      iss: `${issuer.origin}/api/actions`,
    });
    expect((await asked(issuer, FORGEJO_TOKEN_PATH, { headers: { Authorization: 'Bearer x' } })).status).toBe(
      401,
    );
  });

  it('of Azure DevOps wants a version, a service connection and POST, and leads a wrong bearer to a sign-in page', async () => {
    const issuer = await startIssuer(emulator, 'azure-devops');
    const query = `?api-version=7.1&serviceConnectionId=${AZURE_DEVOPS.connectionId}`;
    const method = 'POST';
    const response = await asked(issuer, `${AZURE_TOKEN_PATH}${query}`, { method });
    expect(decodeJwt(String(response.json['oidcToken'])).aud).toBe('api://AzureADTokenExchange');
    const statusOf = async (path: string, options: Call) =>
      (await asked(issuer, `${AZURE_TOKEN_PATH}${path}`, options)).status;
    expect(await statusOf(query, {})).toBe(405);
    expect(await statusOf('?api-version=7.1&serviceConnectionId=x', { method })).toBe(404);
    expect(await statusOf(query.replace('api-version', 'v'), { method })).toBe(400);
    const wrong = { Authorization: 'Bearer x' };
    expect(await statusOf(query, { method, headers: wrong })).toBe(302);
    expect(
      await statusOf(query, { method, headers: { ...wrong, 'X-TFS-FedAuthRedirect': 'Suppress' } }),
    ).toBe(401);
  });

  it('of Azure DevOps gives the token of the pipeline when no service connection is named', async () => {
    const issuer = await startIssuer(emulator, 'azure-devops');
    const response = await asked(issuer, `${AZURE_TOKEN_PATH}?api-version=7.1`, { method: 'POST' });
    expect(decodeJwt(String(response.json['oidcToken']))).toMatchObject({
      iss: `${issuer.origin}/${AZURE_DEVOPS.organizationId}`,
      sub: 'p://acme/infra/deploy',
    });
  });

  it('of Buildkite grants the lifetime that the agent asks for, up to two hours', async () => {
    const issuer = await startIssuer(emulator, 'buildkite');
    const asks = (body: object) =>
      asked(issuer, BUILDKITE_TOKEN_PATH, { method: 'POST', scheme: 'Token', body: JSON.stringify(body) });
    const { exp = 0, iat = 0 } = decodeJwt(
      String((await asks({ audience: 'x', lifetime: 60 })).json['token']),
    );
    expect(exp - iat).toBe(60);
    expect((await asks({ lifetime: 7201 })).status).toBe(422);
    expect((await asked(issuer, BUILDKITE_TOKEN_PATH, { method: 'POST' })).status).toBe(401);
  });

  it('of every system appears in the journal, and has the wire faults of a service', async () => {
    const issuer = await startIssuer(emulator, 'forgejo');
    emulator.faults.add({ service: 'ci', times: 1, fault: { kind: 'status', status: 500 } });
    expect((await asked(issuer, FORGEJO_TOKEN_PATH)).status).toBe(500);
    expect(emulator.journal.at(-1)).toMatchObject({ service: 'ci', path: FORGEJO_TOKEN_PATH, status: 500 });
  });
});
