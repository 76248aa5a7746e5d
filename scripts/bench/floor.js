// The floor: an OCI login with Node's built-ins alone. The same requests and files, but no checks, masks or retries.
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

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const outgoing = https.request(url, { agent: false, ...options }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const domain = input('domain-url');
const credentials = `${input('client-id')}:${input('client-secret')}`;
const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
const post = (form, extra) => {
  const body = new URLSearchParams(form).toString();
  const type = 'application/x-www-form-urlencoded';
  const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), ...extra };
  return [{ method: 'POST', headers }, body];
};

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
