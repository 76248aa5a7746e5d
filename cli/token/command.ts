import { defineCommand, optionsBelow } from '../command.ts';
import { AWS_OPTIONS, DOMAIN_OPTIONS, NETWORK_OPTIONS, SESSION_OPTIONS } from '../session/options.ts';
import { SOURCE_OPTIONS } from '../sources/options.ts';
import { KINDS } from './formats.ts';

const output = optionsBelow('Output');
const session = optionsBelow('Session');
const { verify: _verify, 'verify-endpoint': _endpoint, ...exchange } = SESSION_OPTIONS;

export const TOKEN_OPTIONS = {
  type: output.text(
    'kind',
    'Print an OCI session token, an access token of the domain, or credentials of --aws-role-arn',
    { required: true, choices: KINDS },
  ),
  format: output.text(
    'name',
    'json or raw for session, raw or json for access, credential-process or env for aws',
    { choices: ['raw', 'json', 'env', 'credential-process'] },
  ),
  'private-key-file': output.text('path', 'With --type session: file to create for the private key'),
  ...DOMAIN_OPTIONS,
  ...SOURCE_OPTIONS,
  ...exchange,
  'token-type': session.text('type', 'upst: a session of a service user; rpst: of a resource', {
    default: 'upst',
    choices: ['upst', 'rpst'],
  }),
  ...AWS_OPTIONS,
  ...NETWORK_OPTIONS,
} as const;

export const command = defineCommand({
  name: 'token',
  summary: 'Print one token or the credentials of a role, for scripts and for other programs',
  isFor: 'jobs',
  usage: '--type <kind> [options]',
  options: TOKEN_OPTIONS,
  examples: [
    [
      'In ~/.aws/config: AWS tools get credentials, and get new ones before these expire',
      'token --type aws --aws-role-arn arn:aws:iam::123456789012:role/deploy --aws-region us-east-1',
    ],
    [
      'A session token of OCI, and the key that it is bound to',
      'token --type session --private-key-file ~/key.pem',
    ],
    ['The access token of the domain, with the time when it ends', 'token --type access --format json'],
  ],
  exitCodes: {
    0: 'Printed. The log of a job keeps it: write it to a file or a variable',
    1: 'Error',
  },
  async run(context, options) {
    const { printToken } = await import('./token.ts');
    return printToken(context, options);
  },
});
