// The floor: the same calls and the same files with Node's built-ins alone, without a check, a mask or a retry; for AWS
// as well if a role is given, with the access token and the public keys fetched while the OCI leg is under way.
import { createHash, generateKeyPair } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';

const input = (name) => process.env[`INPUT_${name.toUpperCase()}`];

const keyPair = new Promise((resolve, reject) => {
  generateKeyPair('rsa', { modulusLength: 2048 }, (error, publicKey, privateKey) => {
    error ? reject(error) : resolve({ publicKey, privateKey });
  });
});

function sendForText(url, options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = https.request(url, { agent: false, ...options }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const send = async (...request) => JSON.parse(await sendForText(...request));

const domain = input('domain-url');
const credentials = `${input('client-id')}:${input('client-secret')}`;
const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
const post = (form, extra) => {
  const body = new URLSearchParams(form).toString();
  const type = 'application/x-www-form-urlencoded';
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), ...extra };
  return [{ method: 'POST', headers }, body];
};

async function accessToken() {
  const form = { grant_type: 'client_credentials', scope: '/' };
  const { access_token: token } = await send(
    new URL('/oauth2/v1/token', domain),
    ...post(form, { authorization }),
  );
  const { jwks_uri: keys } = await send(new URL('/.well-known/openid-configuration', domain), {});
  await send(new URL(keys), {});
  return token;
}

const forAws = input('aws-role-arn') ? accessToken() : undefined;

const source = new URL(process.env.ACTIONS_ID_TOKEN_REQUEST_URL);
source.searchParams.set('audience', input('audience'));
const bearer = `Bearer ${process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`;
const { value: jwt } = await send(source, { headers: { authorization: bearer } });

const { publicKey, privateKey } = await keyPair;
const der = publicKey.export({ type: 'spki', format: 'der' });
const form = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  requested_token_type: 'urn:oci:token-type:oci-upst',
  subject_token_type: 'jwt',
  subject_token: jwt,
  public_key: der.toString('base64'),
};
const { token } = await send(new URL('/oauth2/v1/token', domain), ...post(form, { authorization }));

const directory = path.join(process.env.HOME, '.oci/sessions/DEFAULT');
mkdirSync(directory, { recursive: true, mode: 0o700 });
const keyFile = path.join(directory, 'oci_api_key.pem');
const tokenFile = path.join(directory, 'token');
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
writeFileSync(tokenFile, token, { mode: 0o600 });
const { sub, tenant } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
const fingerprint = createHash('md5')
  .update(der)
  .digest('hex')
  .replace(/(..)(?=.)/g, '$1:');
const profile = {
  tenancy: tenant,
  region: input('region'),
  fingerprint,
  key_file: keyFile,
  security_token_file: tokenFile,
};
const lines = Object.entries(profile).map(([key, value]) => `${key}=${value}\n`);
writeFileSync(path.join(process.env.HOME, '.oci/config'), `[DEFAULT]\n${lines.join('')}`, { mode: 0o600 });
appendFileSync(process.env.GITHUB_ENV, 'OCI_CLI_AUTH=security_token\nOCI_CLI_PROFILE=DEFAULT\n');
appendFileSync(process.env.GITHUB_OUTPUT, `profile=DEFAULT\nprincipal=${sub}\ntenancy=${tenant}\n`);

if (forAws) {
  const role = {
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: input('aws-role-arn'),
    RoleSessionName: 'bench',
    WebIdentityToken: await forAws,
  };
  const xml = await sendForText(new URL(input('aws-sts-endpoint')), ...post(role, {}));
  const member = (name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(xml)[1];
  const keys = {
    AWS_ACCESS_KEY_ID: 'AccessKeyId',
    AWS_SECRET_ACCESS_KEY: 'SecretAccessKey',
    AWS_SESSION_TOKEN: 'SessionToken',
  };
  const exported = Object.entries(keys).map(([variable, name]) => `${variable}=${member(name)}\n`);
  appendFileSync(process.env.GITHUB_ENV, exported.join(''));
}
