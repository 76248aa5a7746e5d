import { describe, expect, it } from '@jest/globals';
import { toClientCredentials } from '../../../src/inputs/client-credentials.ts';
import { requestAccessToken } from '../../../src/oci/access-token.ts';
import type { Http } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';

const request = {
  domainUrl: new URL('https://idcs-1.example'),
  credentials: toClientCredentials('app', new Secret('hunter2')),
  scope: '/',
};

function refusing(error: string): Http {
  const text = JSON.stringify({ error });
  return { preconnect: () => {}, send: async () => ({ status: 400, headers: {}, text }) };
}

describe('a refused access token', () => {
  it.each([
    ['invalid_client', 'OCI_CLIENT_REJECTED'],
    ['invalid_scope', 'OCI_SCOPE_REFUSED'],
    ['unauthorized_client', 'OCI_ACCESS_TOKEN_REFUSED'],
    ['toString', 'OCI_ACCESS_TOKEN_REFUSED'],
    ['__proto__', 'OCI_ACCESS_TOKEN_REFUSED'],
  ])('for %s is %s', async (error, code) => {
    await expect(requestAccessToken(refusing(error), request)).rejects.toMatchObject({ code });
  });
});
