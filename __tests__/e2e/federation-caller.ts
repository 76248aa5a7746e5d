// Logs in as Terraform's provider does with `auth = "WorkloadIdentityFederation"`: by its rules, and from its variables
// alone. Prints the claims of the session that it gets.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const need = (name: string) => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is required`);
  return value;
};
if (need('OCI_AUTH').toLowerCase() !== 'workloadidentityfederation') throw new Error('another way to log in');
need('OCI_REGION');
if ((process.env['OCI_TOKEN_EXCHANGE_AUTH'] || 'OAuthClientCredentials') !== 'OAuthClientCredentials')
  throw new Error('another way to prove who the application is');
const domain = need('OCI_TOKEN_EXCHANGE_DOMAIN_URL');
if (!/^https:\/\/[^/?#]+$/.test(domain)) throw new Error(`${domain} is no bare origin`);
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const form = new URLSearchParams({
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  requested_token_type: need('OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE'),
  subject_token_type: process.env['OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE'] || 'jwt',
  subject_token: readFileSync(need('OCI_WORKLOAD_IDENTITY_TOKEN_PATH'), 'utf8').trim(),
  public_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
});
const requested = form.get('requested_token_type') ?? '';
if (requested === 'urn:oci:token-type:oci-rpst') {
  form.set('res_type', need('OCI_TOKEN_EXCHANGE_RESOURCE_TYPE'));
  const { OCI_TOKEN_EXCHANGE_RPST_EXP } = process.env;
  if (OCI_TOKEN_EXCHANGE_RPST_EXP) form.set('rpst_exp', OCI_TOKEN_EXCHANGE_RPST_EXP);
}
const client = `${need('OCI_TOKEN_EXCHANGE_CLIENT_ID')}:${need('OCI_TOKEN_EXCHANGE_CLIENT_SECRET')}`;
const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
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
if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
const { token } = JSON.parse(answer.text) as { token: string };
process.stdout.write(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
