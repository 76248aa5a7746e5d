import { describe, expect, it } from '@jest/globals';
import { explainSessionRefusal, fullScope } from '../../../src/aws/session-identity.ts';
import { ServiceRefusal } from '../../../src/errors/service-refusal.ts';

describe('the scope for the session', () => {
  it.each([
    ['/', 'sts.amazon.com/'],
    ['sts.amazon.com/', 'sts.amazon.com/'],
    ['read write', 'sts.amazon.comread sts.amazon.comwrite'],
  ])('of %s is %s', (scope, expected) => {
    expect(fullScope('sts.amazon.com', scope)).toBe(expected);
  });
});

describe('a refusal of an access token for the session', () => {
  it.each([
    ['invalid_scope', 'OCI_SCOPE_REFUSED'],
    ['invalid_client', 'OCI_ACCESS_TOKEN_REFUSED'],
    ['', 'OCI_ACCESS_TOKEN_REFUSED'],
  ])('%s is %s, and names no client', (code, expected) => {
    const refusal = new ServiceRefusal('domain', { status: 401, code, text: 'Why not', requestId: 'one' });
    const error = explainSessionRefusal(refusal, 'sts.amazon.com/');
    expect(error).toMatchObject({ code: expected, status: 401, requestId: 'one' });
    expect(error.message).toBe(
      'The domain refused the session an access token for AWS. For scope "sts.amazon.com/", it responded with 401: Why not.',
    );
    expect(error.remedy).toContain('`aws-token-source: client`');
    expect(error.remedy).not.toContain('application');
  });
});
