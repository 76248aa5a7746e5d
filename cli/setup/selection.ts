// What the administrator wants: the options of `setup`, checked and completed with names. Pure functions.
import { CommandError } from '../failure.ts';
import { MAX_NAME, principalName } from './names.ts';

export interface Selection {
  /** `owner/name`, as given. */
  repository: string;
  /** Either an environment or a branch decides the subject. */
  environment: string | undefined;
  branch: string | undefined;
  /** Undefined: that of the trust that exists, else the URL of the domain. */
  audience: string | undefined;
  /** Replaces the subject that GitHub reports. */
  subject: string | undefined;
  /** Issuer of the ID tokens. */
  issuer: string;
  names: {
    app: string;
    user: string;
    group: string;
    policy: string;
    /** Dynamic group of the runners, and the policy that lets it call the exchange. */
    runners: string;
  };
  /** What the jobs authenticate with to the token exchange. */
  clientAuth: 'secret' | 'instance-principal';
  /** What the jobs become: a service user, or a resource. */
  tokenType: 'upst' | 'rpst';
  /** OCIDs of compartments and instances. */
  runners: readonly string[];
  compartment: string | undefined;
  /** For example `read buckets`. */
  allow: readonly string[];
  /** For the variable `OCI_REGION`. */
  region: string | undefined;
  activate: boolean;
  rotateSecret: boolean;
  immutableSubject: boolean;
  changeDomainSettings: boolean;
}

/** Values of the options, as `parseArgs` returns them. */
export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const DEFAULT_NAME = 'github-actions';

/** Where GitHub publishes the keys of an issuer. */
export const keysUrlOf = (issuer: string) => `${issuer}/.well-known/jwks`;

/** Where the jobs come from: the environment, else the branch. */
export function targetOf({ environment, branch }: Pick<Selection, 'environment' | 'branch'>): string {
  return environment ?? branch ?? '';
}

/** @throws CommandError OPTION_INVALID with all faults */
export function selectionFrom(options: OptionValues): Selection {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const texts = (option: string) => [options[option] ?? []].flat().filter((one) => typeof one === 'string');
  const clientAuth = text('client-auth') === 'instance-principal' ? 'instance-principal' : 'secret';
  const tokenType = text('token-type') ?? (clientAuth === 'secret' ? 'upst' : 'rpst');
  const [repository, environment, branch] = [text('repo') ?? '', text('environment'), text('branch')];
  const name = text('name') ?? principalName(repository, environment ?? branch ?? '');
  const selection: Selection = {
    repository,
    environment,
    branch,
    audience: text('audience'),
    subject: text('subject'),
    issuer: text('issuer') ?? GITHUB_ISSUER,
    names: {
      app: text('app') ?? DEFAULT_NAME,
      user: name,
      group: name,
      policy: text('policy') ?? DEFAULT_NAME,
      runners: `${name}-runners`,
    },
    clientAuth,
    tokenType: tokenType === 'rpst' ? 'rpst' : 'upst',
    runners: [...new Set(texts('runners').map((one) => one.trim()))],
    compartment: text('compartment'),
    allow: [...new Set(texts('allow').map((one) => one.trim().replace(/^(\S+)\s+(\S+)/, '$1 $2')))],
    region: text('region'),
    activate: options['activate'] === true,
    rotateSecret: options['rotate-secret'] === true,
    immutableSubject: options['immutable-subject'] === true,
    changeDomainSettings: options['change-domain-settings'] === true,
  };
  const faults = faultsOf(selection);
  if (faults.length > 0) throw new CommandError('OPTION_INVALID', faults.join(' '));
  return selection;
}

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const NAME = /^[A-Za-z0-9._-]+$/;

/** One sentence for each wrong option. */
function faultsOf(selection: Selection): string[] {
  const { repository, environment, branch, names, audience, issuer, region } = selection;
  const [owner = '', repo = '', ...more] = repository.split('/');
  const isRepository = more.length === 0 && /^[A-Za-z0-9-]{1,39}$/.test(owner) && NAME.test(repo);
  const isName = (name: string) => NAME.test(name) && name.length <= MAX_NAME;
  const target = environment ?? branch ?? '';
  return [
    isRepository ? '' : repositoryFault(repository),
    environment === undefined && branch === undefined
      ? '`--environment` is missing: it decides which jobs can log in. For jobs without one, give `--branch`.'
      : '',
    environment !== undefined && branch !== undefined
      ? '`--environment` and `--branch` exclude each other. A job with an environment does not send its branch.'
      : '',
    CONTROL.test(target) || target.length > 255 || target.trim() !== target
      ? '`--environment` or `--branch` must have 255 characters at most, on one line.'
      : '',
    branch?.startsWith('refs/') ? '`--branch` must be a name such as main, without refs/heads/.' : '',
    /[*?[]/.test(branch ?? '') ? '`--branch` must be one branch, without wildcards.' : '',
    isName(names.user)
      ? ''
      : `The name of user and group must have ${MAX_NAME} characters at most of A-Z a-z 0-9 . _ -. Choose one with \`--name\`.`,
    isName(names.app) ? '' : `\`--app\` must have ${MAX_NAME} characters at most of A-Z a-z 0-9 . _ -.`,
    isName(names.policy) ? '' : `\`--policy\` must have ${MAX_NAME} characters at most of A-Z a-z 0-9 . _ -.`,
    audience === undefined || /^[\x21-\x7e]{1,255}$/.test(audience)
      ? ''
      : '`--audience` must be ASCII without spaces, 255 characters at most.',
    /^https:\/\/[^\s?#]+[^\s?#/]$/.test(issuer)
      ? ''
      : '`--issuer` must be an https URL without a slash at the end.',
    region === undefined || /^[a-z]+(-[a-z]+)+-\d+$/.test(region)
      ? ''
      : '`--region` must be a region identifier such as eu-frankfurt-1.',
    ...subjectFaults(selection),
    ...policyFaults(selection),
    ...runnerFaults(selection),
  ].filter((fault) => fault !== '');
}

/** Also of the other commands. */
export function repositoryFault(given: string): string {
  if (given === '') return '`--repo` is missing.';
  return `\`--repo\` must be owner/name, such as acme/infra, not ${JSON.stringify(given)}.`;
}

function subjectFaults({ subject, immutableSubject }: Selection): string[] {
  if (subject === undefined) return [];
  return [
    CONTROL.test(subject) || /^\s|\s$|["'`“”]/u.test(subject) || subject === ''
      ? '`--subject` must be the whole subject on one line, without quotes and spaces around it.'
      : '',
    subject.includes('*')
      ? '`--subject` must be one whole subject without `*`: a wildcard admits other jobs.'
      : '',
    immutableSubject ? '`--subject` and `--immutable-subject` exclude each other.' : '',
  ];
}

/** `<verb> <resource type>`, and conditions if any. */
const ALLOW = /^(inspect|read|use|manage) [a-z][a-z-]*( where [^\n]+)?$/i;

function policyFaults({ compartment, allow }: Selection): string[] {
  const wrong = allow.filter((one) => !ALLOW.test(one) || CONTROL.test(one));
  return [
    ...wrong.map(
      (one) => `\`--allow\` must be a verb and a resource type such as 'read buckets', not '${shown(one)}'.`,
    ),
    allow.some((one) => /^manage all-resources\b/i.test(one))
      ? '`--allow` does not accept manage all-resources. Name the resource types that the jobs need.'
      : '',
    allow.length > 0 && compartment === undefined ? '`--allow` needs `--compartment`.' : '',
    compartment === undefined || /^ocid1\.(compartment|tenancy)\.[\w.-]{1,230}$/.test(compartment)
      ? ''
      : '`--compartment` must be the OCID of a compartment.',
  ];
}

function runnerFaults({ clientAuth, tokenType, runners, allow, names, rotateSecret }: Selection): string[] {
  const wrong = runners.filter((one) => !/^ocid1\.(compartment|tenancy|instance)\.[\w.-]{1,230}$/.test(one));
  const mode = '`--client-auth instance-principal`';
  if (clientAuth === 'secret')
    return [
      runners.length > 0 ? `\`--runners\` needs ${mode}.` : '',
      tokenType === 'rpst' ? `\`--token-type rpst\` needs ${mode}.` : '',
    ];
  return [
    runners.length === 0 ? `${mode} needs \`--runners\`: only their jobs may call the token exchange.` : '',
    ...wrong.map(
      (one) => `\`--runners\` must be the OCID of a compartment or an instance, not ${shown(one)}.`,
    ),
    names.runners.length > MAX_NAME ? `\`--name\` must have ${MAX_NAME - 8} characters at most.` : '',
    rotateSecret ? `\`--rotate-secret\` and ${mode} exclude each other: there is no secret.` : '',
    tokenType === 'rpst' && allow.some((one) => / where /i.test(one))
      ? '`--allow` accepts no condition here: the statement has one that names the jobs.'
      : '',
  ];
}

const shown = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, '�').slice(0, 60);
