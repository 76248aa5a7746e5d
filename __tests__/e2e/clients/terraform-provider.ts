// Logs in as Terraform's provider does with `auth = "WorkloadIdentityFederation"`, with the same variables and checks.
// Prints the claims of the session token.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const required = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is required`);
  return value;
};
if (required('OCI_AUTH').toLowerCase() !== 'workloadidentityfederation')
  throw new Error('OCI_AUTH is another method');
required('OCI_REGION');
if ((process.env['OCI_TOKEN_EXCHANGE_AUTH'] || 'OAuthClientCredentials') !== 'OAuthClientCredentials')
  throw new Error('OCI_TOKEN_EXCHANGE_AUTH is another method');
const domain = required('OCI_TOKEN_EXCHANGE_DOMAIN_URL');
if (!/^https:\/\/[^/?#]+$/.test(domain)) throw new Error(`${domain} is not an origin`);
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const form = new URLSearchParams({
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  requested_token_type: required('OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE'),
  subject_token_type: process.env['OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE'] || 'jwt',
  subject_token: readFileSync(required('OCI_WORKLOAD_IDENTITY_TOKEN_PATH'), 'utf8').trim(),
  public_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
});
const requested = form.get('requested_token_type') ?? '';
if (requested === 'urn:oci:token-type:oci-rpst') {
  form.set('res_type', required('OCI_TOKEN_EXCHANGE_RESOURCE_TYPE'));
  const { OCI_TOKEN_EXCHANGE_RPST_EXP } = process.env;
  if (OCI_TOKEN_EXCHANGE_RPST_EXP) form.set('rpst_exp', OCI_TOKEN_EXCHANGE_RPST_EXP);
}
const client = `${required('OCI_TOKEN_EXCHANGE_CLIENT_ID')}:${required('OCI_TOKEN_EXCHANGE_CLIENT_SECRET')}`;
const response = await new Promise<{ status: number; text: string }>((resolve, reject) => {
  const call = request(
    `${domain}/oauth2/v1/token`,
    {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(client).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
    },
    (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
    },
  );
  call.on('error', reject).end(form.toString());
});
if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
const { token } = JSON.parse(response.text) as { token: string };
process.stdout.write(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
