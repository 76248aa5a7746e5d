import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createAwsIam } from '../../../cli/aws/aws-client.ts';
import type { WriteRequest } from '../../../cli/connect/observed.ts';
import { TransportError } from '../../../src/errors/transport-error.ts';
import type { HttpRequest, HttpResponse } from '../../../src/ports.ts';
import { stubHttp } from '../../unit/stub-http.ts';

const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'eu-central-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};
const saved = { ...process.env };
beforeAll(() => void Object.assign(process.env, KEYS));
afterAll(() => {
  process.env = saved;
});

const xml = (text: string, status = 200): Partial<HttpResponse> => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
  text,
});
const refusal = (code: string, message: string, status: number) =>
  xml(
    `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`,
    status,
  );
const result = (action: string, text: string) =>
  xml(
    `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result>${text}</${action}Result><ResponseMetadata><RequestId>request-1</RequestId></ResponseMetadata></${action}Response>`,
  );
const role = (name: string, policy: string) =>
  `<Path>/</Path><RoleName>${name}</RoleName><RoleId>AROA1</RoleId><Arn>arn:aws:iam::123456789012:role/${name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>${encodeURIComponent(policy)}</AssumeRolePolicyDocument><MaxSessionDuration>3600</MaxSessionDuration>`;

const formOf = ({ body }: HttpRequest) => Object.fromEntries(new URLSearchParams(body));
const POLICY = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] };

it('signs a request to the global endpoint and decodes the trust policy of a role', async () => {
  const { http, sent } = stubHttp(
    result('GetRole', `<Role>${role('deploy', JSON.stringify(POLICY))}</Role>`),
  );
  const iam = await createAwsIam(http);
  expect(await iam.role('deploy')).toEqual({
    arn: 'arn:aws:iam::123456789012:role/deploy',
    name: 'deploy',
    maxSessionDuration: 3600,
    trustPolicy: POLICY,
    tags: {},
  });
  const [request] = sent;
  expect(request).toMatchObject({ method: 'POST', url: new URL('https://iam.amazonaws.com/') });
  expect(request?.headers['authorization']).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/us-east-1\/iam\/aws4_request/,
  );
  expect(request && formOf(request)).toEqual({
    Action: 'GetRole',
    Version: '2010-05-08',
    RoleName: 'deploy',
  });
});

it('reads all pages of roles', async () => {
  const page = (name: string, more: string) =>
    result('ListRoles', `<Roles><member>${role(name, JSON.stringify(POLICY))}</member></Roles>${more}`);
  const { http } = stubHttp((request) =>
    formOf(request)['Marker'] === 'next'
      ? page('b', '<IsTruncated>false</IsTruncated>')
      : page('a', '<IsTruncated>true</IsTruncated><Marker>next</Marker>'),
  );
  const iam = await createAwsIam(http);
  expect((await iam.roles()).map(({ name }) => name)).toEqual(['a', 'b']);
});

it('tags what it creates', async () => {
  const { http, sent } = stubHttp((request) => {
    const { Action = '' } = formOf(request);
    return Action === 'CreateRole'
      ? result(Action, `<Role>${role('deploy', JSON.stringify(POLICY))}</Role>`)
      : result(Action, '<OpenIDConnectProviderArn>arn:x</OpenIDConnectProviderArn>');
  });
  const iam = await createAwsIam(http);
  await iam.createProvider('https://idcs-1.identity.oraclecloud.com', ['sts.amazon.com']);
  await iam.createRole('deploy', 'a job', POLICY);
  for (const request of sent)
    expect(formOf(request)).toMatchObject({
      'Tags.member.1.Key': 'managed-by',
      'Tags.member.1.Value': 'oci-wif',
    });
});

it('reports each request that changes something before and after it, without its form', async () => {
  const reported: WriteRequest[] = [];
  const { http } = stubHttp((request) => result(formOf(request)['Action'] ?? '', ''));
  const iam = await createAwsIam(http, (request) => void reported.push(request));
  await iam.providers();
  await iam.updateTrustPolicy('deploy', POLICY);
  const line = { method: 'POST', url: 'https://iam.amazonaws.com/?Action=UpdateAssumeRolePolicy' };
  expect(reported).toEqual([
    { ...line, status: undefined, requestId: undefined },
    { ...line, status: 200, requestId: 'request-1' },
  ]);
});

it('reads the account of the credentials from STS', async () => {
  const { http, sent } = stubHttp(
    xml(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA1</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
    ),
  );
  expect(await (await createAwsIam(http)).caller()).toEqual({
    accountId: '123456789012',
    partition: 'aws',
    arn: 'arn:aws:iam::123456789012:user/ada',
  });
  expect(sent[0]?.url.host).toBe('sts.eu-central-1.amazonaws.com');
});

it('returns undefined for a role and a provider that do not exist', async () => {
  const iam = await createAwsIam(stubHttp(refusal('NoSuchEntity', 'not found', 404)).http);
  expect(await iam.role('deploy')).toBeUndefined();
  expect(await iam.provider('arn:x')).toBeUndefined();
});

const OF_AWS = /^Deleting the role deploy was refused: /;
it.each<[response: Partial<HttpResponse> | Error, code: string, text: RegExp]>([
  [
    refusal('AccessDenied', 'User: x is not authorized to perform: iam:DeleteRole', 403),
    'NOT_PERMITTED',
    OF_AWS,
  ],
  [refusal('InvalidClientTokenId', 'The token is invalid', 403), 'CREDENTIALS_UNUSABLE', OF_AWS],
  [refusal('ExpiredToken', 'The token has expired', 403), 'CREDENTIALS_UNUSABLE', OF_AWS],
  [refusal('DeleteConflict', 'must detach all policies first', 409), 'SERVICE_REFUSED', OF_AWS],
  [refusal('ConcurrentModification', 'try again', 409), 'CONFLICT', OF_AWS],
  [refusal('ServiceFailure', 'internal', 500), 'SERVICE_UNREACHABLE', OF_AWS],
  [xml('<html></html>'), 'RESPONSE_MALFORMED', /HTML page/],
  [new TransportError('unreachable', 'the connection failed'), 'SERVICE_UNREACHABLE', /connection failed/],
])('fails with the code, the words and the request ID of AWS: %#', async (response, code, text) => {
  const iam = await createAwsIam(stubHttp(response).http);
  await expect(iam.deleteRole('deploy')).rejects.toMatchObject({
    code,
    message: expect.stringMatching(text),
    ...(text === OF_AWS && { requestId: 'request-1' }),
  });
});

it('fails with CREDENTIALS_UNUSABLE when the machine has no credentials', async () => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) delete process.env[name];
  const iam = await createAwsIam(stubHttp({}).http);
  await expect(iam.caller()).rejects.toMatchObject({
    code: 'CREDENTIALS_UNUSABLE',
    remedy: expect.stringContaining('aws sso login'),
  });
});
