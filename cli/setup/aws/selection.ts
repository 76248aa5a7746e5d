// The options of the AWS side of `setup`. Pure functions.
import { type OptionRules, type OptionValues, optionsBelow } from '../../command.ts';
import { CommandError } from '../../failure.ts';
import type { Selection } from '../selection.ts';

export interface AwsSelection {
  accountId: string;
  /** Name of the role, without its path. */
  role: string;
  /** `aud` of the access tokens, and client ID of the OIDC provider. */
  audience: string;
  /** Name of the application whose access tokens AWS accepts. */
  app: string;
  wantsNewSecret: boolean;
}

const aws = optionsBelow('AWS');

export const AWS_OPTIONS = {
  'aws-account': aws.text('id', 'AWS account of the role'),
  'aws-role': aws.text('name', 'Role that the jobs assume'),
  'aws-audience': aws.text('text', 'Audience of the access tokens', { default: 'sts.amazon.com' }),
  'aws-app': aws.text('name', 'Application for AWS. Default: --name with -aws'),
  'rotate-aws-secret': aws.flag('Replace the client secret of --aws-app'),
} as const satisfies OptionRules;

type AwsOptions = Partial<OptionValues<typeof AWS_OPTIONS>>;

/** The scope of the resource server. @see docs/aws.md */
export const AWS_SCOPE = '/';

/** What the workflows in `examples/` read. */
export const AWS_SLOT = {
  secret: 'OCI_AWS_CLIENT_SECRET',
  variable: 'OCI_AWS_CLIENT_ID',
  rotateOption: '--rotate-aws-secret',
};
export const ROLE_VARIABLE = 'AWS_ROLE';

/** @returns undefined without `--aws-role`. @throws CommandError OPTION_INVALID with all faults */
export function awsSelectionFrom(options: AwsOptions, names: Selection['names']): AwsSelection | undefined {
  const { 'aws-account': accountId, 'aws-role': role, 'aws-audience': audience = 'sts.amazon.com' } = options;
  const app = options['aws-app'] ?? `${names.user}-aws`;
  if (role === undefined && accountId === undefined) return undefined;
  const faults = [
    accountId === undefined ? '`--aws-role` needs `--aws-account`.' : '',
    role === undefined ? '`--aws-account` needs `--aws-role`.' : '',
    accountId === undefined || /^\d{12}$/.test(accountId)
      ? ''
      : '`--aws-account` must be the 12 digits of the account.',
    role === undefined || /^[\w+=,.@-]{1,64}$/.test(role)
      ? ''
      : '`--aws-role` must be the name of a role: 1 to 64 letters, digits and + = , . @ - _.',
    /^[\x21-\x7e]{1,255}$/.test(audience)
      ? ''
      : '`--aws-audience` must be ASCII without spaces, 255 characters at most.',
    /^[A-Za-z0-9._-]{1,100}$/.test(app)
      ? ''
      : '`--aws-app` must have 100 characters at most of A-Z a-z 0-9 . _ -.',
    app === names.app
      ? '`--aws-app` must be another application than `--app`: its secret opens the role.'
      : '',
  ].filter((fault) => fault !== '');
  if (faults.length > 0) throw new CommandError('OPTION_INVALID', faults.join(' '));
  return {
    accountId: accountId ?? '',
    role: role ?? '',
    audience,
    app,
    wantsNewSecret: options['rotate-aws-secret'] === true,
  };
}
