// Which source a command uses: options first, then the CI system whose variables are set.
import { describe, expect, it } from '@jest/globals';
import { findIdTokens, idTokensFrom } from '../../../cli/sources/find.ts';
import type { Failure } from '../../../src/errors/failure.ts';
import type { IdTokenSource } from '../../../src/oci/id-token.ts';
import { parseRefreshSpec, type RefreshSpec, serializeRefreshSpec } from '../../../src/refresh/spec.ts';
import { jwtWith, NOW } from './tokens.ts';

type Variables = Readonly<Record<string, string>>;
type Options = Readonly<Record<string, string>>;

const find = (variables: Variables, options: Options = {}, warn: (text: string) => void = () => {}) =>
  findIdTokens({ env: (name) => variables[name], options, warn });

function failureOf(variables: Variables, options: Options = {}): Failure {
  try {
    find(variables, options);
  } catch (error) {
    return error as Failure;
  }
  throw new Error('a source was found');
}

const GITHUB = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://host.example/token?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
};
const AZURE = {
  TF_BUILD: 'True',
  SYSTEM_OIDCREQUESTURI: 'https://dev.azure.com/acme/oidctoken',
  SYSTEM_ACCESSTOKEN: 'access-token',
};
const FORGEJO = { GITHUB_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' };

const SYSTEMS: [system: string, Variables, issuer: string, IdTokenSource['supply']][] = [
  ['github', GITHUB, 'GitHub', 'on-demand'],
  ['forgejo', { ...GITHUB, ...FORGEJO }, 'Forgejo', 'on-demand'],
  ['gitlab', { GITLAB_CI: 'true', OCI_ID_TOKEN: jwtWith() }, 'GitLab', 'once'],
  ['bitbucket', { BITBUCKET_BUILD_NUMBER: '7', BITBUCKET_STEP_OIDC_TOKEN: jwtWith() }, 'Bitbucket', 'once'],
  ['azure-devops', AZURE, 'Azure DevOps', 'on-demand'],
  ['circleci', { CIRCLECI: 'true' }, 'CircleCI', 'on-demand'],
  ['buildkite', { BUILDKITE: 'true' }, 'Buildkite', 'on-demand'],
  ['hcp-terraform', { TFC_RUN_ID: 'run-1', TFC_WORKLOAD_IDENTITY_TOKEN: jwtWith() }, 'HCP Terraform', 'once'],
];

describe('the source of a CI system', () => {
  it.each(SYSTEMS)('is found by the variables of %s', (_system, variables, issuer, supply) => {
    expect(find(variables)).toMatchObject({ issuer, supply });
  });

  it.each(SYSTEMS)('is chosen by --id-token-from %s, whatever else is set', (system, variables, issuer) => {
    const all = { GITLAB_CI: 'true', BUILDKITE: 'true', ...variables };
    expect(find(all, { 'id-token-from': system })).toMatchObject({ issuer });
  });

  it('ends when the only token of a job expires', () => {
    expect(find({ GITLAB_CI: 'true', OCI_ID_TOKEN: jwtWith() }).endsAt).toBe(NOW + 600_000);
  });

  it.each<[what: string, Variables, code: string, setting: string]>([
    ['GitHub', { GITHUB_ACTIONS: 'true' }, 'GITHUB_OIDC_UNAVAILABLE', 'id-token: write'],
    ['Forgejo', FORGEJO, 'ID_TOKEN_MISSING', 'enable-openid-connect: true'],
    ['GitLab', { GITLAB_CI: 'true' }, 'ID_TOKEN_MISSING', 'id_tokens: { OCI_ID_TOKEN: { aud:'],
    ['GitLab, empty', { GITLAB_CI: 'true', OCI_ID_TOKEN: ' ' }, 'ID_TOKEN_MISSING', 'id_tokens:'],
    ['Bitbucket', { BITBUCKET_BUILD_NUMBER: '7' }, 'ID_TOKEN_MISSING', 'oidc: true'],
    [
      'Azure DevOps',
      { ...AZURE, SYSTEM_ACCESSTOKEN: '' },
      'ID_TOKEN_MISSING',
      'SYSTEM_ACCESSTOKEN: $(System.AccessToken)',
    ],
    [
      'Azure DevOps, not expanded',
      { ...AZURE, SYSTEM_ACCESSTOKEN: '$(System.AccessToken)' },
      'ID_TOKEN_MISSING',
      'SYSTEM_ACCESSTOKEN',
    ],
    [
      'Azure DevOps, without TLS',
      { ...AZURE, SYSTEM_OIDCREQUESTURI: 'http://a.example' },
      'ID_TOKEN_MISSING',
      'Azure Pipelines',
    ],
    ['HCP Terraform', { TFC_RUN_ID: 'run-1' }, 'ID_TOKEN_MISSING', 'TFC_WORKLOAD_IDENTITY_AUDIENCE'],
    ['Jenkins', { JENKINS_URL: 'https://ci.example/' }, 'ID_TOKEN_MISSING', 'withCredentials'],
    ['no system', { KUBERNETES_SERVICE_HOST: '10.96.0.1' }, 'ID_TOKEN_MISSING', '--id-token-file'],
    ['a variable that says no', { GITLAB_CI: 'false' }, 'ID_TOKEN_MISSING', '--id-token-from'],
  ])('is missing, and the remedy names the setting: %s', (_what, variables, code, setting) => {
    const { message, remedy, ...failure } = failureOf(variables);
    expect([failure.code, remedy]).toEqual([code, expect.stringContaining(setting)]);
    if (code === 'ID_TOKEN_MISSING') expect(`${message} ${remedy}`).not.toContain('GitHub');
  });

  it('is ambiguous when the variables of two systems are set; the error names both', () => {
    const variables = { GITLAB_CI: 'true', OCI_ID_TOKEN: jwtWith(), BUILDKITE: 'true' };
    expect(failureOf(variables)).toMatchObject({
      code: 'ID_TOKEN_AMBIGUOUS',
      message: 'The variables of GitLab and of Buildkite are set (GITLAB_CI and BUILDKITE).',
      remedy: 'Choose one: `--id-token-from gitlab` or `--id-token-from buildkite`.',
    });
  });

  it('is not ambiguous in Jenkins, which has no source of its own', () => {
    const variables = { JENKINS_URL: 'https://ci.example/', GITLAB_CI: 'true', OCI_ID_TOKEN: jwtWith() };
    expect(find(variables)).toMatchObject({ issuer: 'GitLab' });
  });
});

describe('a source that an option names', () => {
  it.each<[Options, IdTokenSource['supply']]>([
    [{ 'id-token-file': '/run/token' }, 'file'],
    [{ 'id-token-variable': 'MY_TOKEN' }, 'once'],
    [{ 'id-token-command': '["id-token", "--json"]' }, 'on-demand'],
  ])('outranks the system: %j', (options, supply) => {
    const variables = { GITLAB_CI: 'true', BUILDKITE: 'true', MY_TOKEN: jwtWith() };
    expect(find(variables, options)).toMatchObject({ supply, issuer: 'the issuer' });
  });

  it.each<[Options, string]>([
    [
      { 'id-token-file': '/a', 'id-token-from': 'gitlab' },
      '--id-token-from and --id-token-file cannot be used together.',
    ],
    [{ 'id-token-file': '' }, '--id-token-file is empty.'],
    [{ 'id-token-variable': '$OCI_ID_TOKEN' }, '--id-token-variable must be the name'],
    [{ 'id-token-variable': '' }, '--id-token-variable must be the name'],
    [{ 'id-token-command': 'cat /token' }, '--id-token-command must be a JSON array of strings.'],
    [{ 'id-token-command': '[]' }, '--id-token-command must be a JSON array of strings.'],
    [{ 'id-token-command': '["", "a"]' }, '--id-token-command must be a JSON array of strings.'],
    [{ 'id-token-command': '["a", 7]' }, '--id-token-command must be a JSON array of strings.'],
    [{ 'id-token-command': '["a", "\\u0000"]' }, '--id-token-command must be a JSON array of strings.'],
  ])('is refused: %j', (options, message) => {
    const { code, message: text } = failureOf({}, options);
    expect([code, text]).toEqual(['OPTION_INVALID', expect.stringContaining(message)]);
  });

  it('has a warning for the token of the Kubernetes API', () => {
    const warnings: string[] = [];
    const file = '/var/run/secrets/kubernetes.io/serviceaccount/token';
    find({}, { 'id-token-file': file }, (text) => warnings.push(text));
    find({}, { 'id-token-file': '/var/run/secrets/oci/token' }, (text) => warnings.push(text));
    expect(warnings).toEqual([expect.stringContaining(`${file} is a token for the Kubernetes API`)]);
  });
});

describe('a source in another process', () => {
  it.each<[string, Variables, Options]>([
    ...SYSTEMS.map(([system, variables]): [string, Variables, Options] => [system, variables, {}]),
    ['a file', {}, { 'id-token-file': '/run/token' }],
    ['a command', {}, { 'id-token-command': '["id-token"]' }],
  ])('is the same: %s', (_what, variables, options) => {
    const source = find(variables, options);
    const text = sent(source);
    const received: unknown = Object(parseRefreshSpec(text).targets[0]).source;
    const rebuilt = idTokensFrom(received);
    const { issuer, supply, endsAt, url } = source;
    expect(rebuilt).toMatchObject({ issuer, supply, endsAt, url });
    expect(sent(rebuilt)).toBe(text);
  });
});

function sent({ spec }: IdTokenSource): string {
  return serializeRefreshSpec({ targets: [{ source: spec }] } as unknown as RefreshSpec).reveal();
}

describe('--audience', () => {
  const audience = 'https://other.example';
  const gitlab = (aud: unknown) => ({ GITLAB_CI: 'true', OCI_ID_TOKEN: jwtWith({ aud }) });
  const warningsOf = (variables: Variables, options: Options) => {
    const warnings: string[] = [];
    find(variables, options, (text) => warnings.push(text));
    return warnings;
  };

  it.each<[what: string, Variables, Options, origin: string]>([
    ['GitLab', gitlab('https://cloud.oracle.com'), {}, '`aud` below `id_tokens: OCI_ID_TOKEN`'],
    ['Azure DevOps', AZURE, {}, 'Azure DevOps, which always writes api://AzureADTokenExchange'],
    [
      'a variable',
      { MY_TOKEN: jwtWith({ aud: 'x' }) },
      { 'id-token-variable': 'MY_TOKEN' },
      'the program that requested it',
    ],
  ])(
    'that cannot change the token of %s causes a warning before the login',
    (_what, variables, options, origin) => {
      expect(warningsOf(variables, { ...options, audience })).toEqual([
        `--audience has no effect: the audience of the ID token comes from ${origin}.`,
      ]);
    },
  );

  it.each<[what: string, Variables]>([
    ['is in the token already', gitlab(['https://cloud.oracle.com', audience])],
    ['is requested', GITHUB],
    ['meets a variable that is no token', { GITLAB_CI: 'true', OCI_ID_TOKEN: 'none' }],
  ])('that %s causes none', (_what, variables) => {
    expect(warningsOf(variables, { audience })).toEqual([]);
  });
});
