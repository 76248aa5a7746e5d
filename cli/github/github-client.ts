// The REST API of GitHub for one repository, over a connection.
import { quote } from '../../src/response.ts';
import type { Secret } from '../../src/secret.ts';
import { type ApiOptions, createApi } from '../connect/api.ts';
import { runProgram } from '../connect/program.ts';
import { CommandError, withRemedy } from '../failure.ts';
import type { GitHub, SecretInfo, SubjectCustomization } from './github.ts';
import { GITHUB, type GitHubHost, INSTALL_GH } from './github-access.ts';
import {
  type GitHubRequests,
  gitHubRequests,
  HEADERS,
  type Json,
  read,
  readAll,
  write,
} from './github-requests.ts';

/** @param name `owner/name` */
export function githubClient(host: GitHubHost, name: string, options: Omit<ApiOptions, 'service'>): GitHub {
  const client = gitHubRequests(host, name, createApi({ ...options, service: GITHUB }));
  return {
    repository: client.repository,
    async ownerExists() {
      const owner = name.split('/')[0] ?? '';
      const url = new URL(`${host.api}/users/${encodeURIComponent(owner)}`);
      const what = `Reading the account ${owner}`;
      return (await client.api.call({ method: 'GET', url, headers: HEADERS }, what, [404])).status !== 404;
    },
    ...subjectCalls(client),
    ...environmentCalls(client),
    ...secretCalls(client),
    ...variableCalls(client),
  };
}

const SUBJECT = '/actions/oidc/customization/sub';

function subjectCalls(client: GitHubRequests): Pick<GitHub, 'subjectCustomization' | 'useImmutableSubject'> {
  return {
    async subjectCustomization(): Promise<SubjectCustomization> {
      const body = (await read(client, SUBJECT, 'Reading the OIDC subject of the repository')) ?? {};
      const { use_default, include_claim_keys, use_immutable_subject, sub_claim_prefix } = body;
      return {
        useDefault: use_default !== false,
        includeClaimKeys: Array.isArray(include_claim_keys) ? include_claim_keys.map(String) : [],
        useImmutableSubject: typeof use_immutable_subject === 'boolean' ? use_immutable_subject : undefined,
        subClaimPrefix: typeof sub_claim_prefix === 'string' ? sub_claim_prefix : undefined,
      };
    },
    async useImmutableSubject() {
      const body = { use_default: true, use_immutable_subject: true };
      await write(client, ['PUT', SUBJECT], body, 'Changing the OIDC subject of the repository');
    },
  };
}

const environmentPath = (name: string) => `/environments/${encodeURIComponent(name)}`;

const branchesPath = (environment: string) => `${environmentPath(environment)}/deployment-branch-policies`;

function environmentCalls(
  client: GitHubRequests,
): Pick<GitHub, 'environment' | 'createEnvironment' | 'allowBranch'> {
  const allowBranch = async (name: string, branch: string) => {
    const what = `Limiting the environment ${name} to ${branch}`;
    await write(client, ['POST', branchesPath(name)], { name: branch }, what);
  };
  const readBranches = async (name: string) => {
    const what = `Reading the branches of the environment ${name}`;
    const list = await readAll(client, branchesPath(name), 'branch_policies', what);
    return list.map((one) => String(one['name']));
  };
  return {
    allowBranch,
    async environment(name) {
      const body = await read(client, environmentPath(name), `Reading the environment ${name}`, [404]);
      if (body === undefined) return undefined;
      const policy = body['deployment_branch_policy'] as Json | null | undefined;
      const rules = Array.isArray(body['protection_rules']) ? (body['protection_rules'] as Json[]) : [];
      return {
        name: String(body['name'] ?? name),
        branchPolicy: policy
          ? {
              protectedBranches: policy['protected_branches'] === true,
              customBranches: policy['custom_branch_policies'] === true,
            }
          : null,
        branches: policy?.['custom_branch_policies'] === true ? await readBranches(name) : undefined,
        hasReviewers: rules.some((rule) => rule['type'] === 'required_reviewers'),
      };
    },
    async createEnvironment(name, branch) {
      const policy =
        branch === undefined ? null : { protected_branches: false, custom_branch_policies: true };
      const what = `Creating the environment ${name}`;
      const body = { deployment_branch_policy: policy };
      await write(client, ['PUT', environmentPath(name)], body, what).catch(withoutEnvironments);
      if (branch !== undefined) await allowBranch(name, branch);
    },
  };
}

/** GitHub responds with 404, too, where its plan has no environments. */
const withoutEnvironments = withRemedy(
  [404],
  'A private repository has environments only with GitHub Pro, Team or Enterprise: use `--branch`. Otherwise use the token of an administrator of the repository.',
);

const secretsPath = (environment: string | undefined) =>
  environment === undefined ? '/actions/secrets' : `${environmentPath(environment)}/secrets`;

function secretCalls(
  client: GitHubRequests,
): Pick<GitHub, 'secrets' | 'organizationSecrets' | 'setSecret' | 'deleteSecret'> {
  const list = async (path: string, what: string): Promise<SecretInfo[]> =>
    (await readAll(client, path, 'secrets', what)).map((one) => ({
      name: String(one['name']),
      updatedAt: String(one['updated_at']),
    }));
  return {
    secrets: (environment) => list(secretsPath(environment), 'Reading the names of secrets'),
    organizationSecrets: () =>
      list('/actions/organization-secrets', 'Reading the names of organization secrets'),
    setSecret: (environment, name, value) => setSecret(client, environment, name, value),
    async deleteSecret(environment, name) {
      const path = `${secretsPath(environment)}/${encodeURIComponent(name)}`;
      await write(client, ['DELETE', path], undefined, `Deleting the secret ${name}`, [404]);
    },
  };
}

/** GitHub wants the value encrypted by libsodium's sealed box, which `gh` has. The value goes through standard input. */
async function setSecret(
  { host, repository }: GitHubRequests,
  environment: string | undefined,
  name: string,
  value: Secret,
) {
  const { fullName } = await repository();
  const repo = host.name === 'github.com' ? fullName : `${host.name}/${fullName}`;
  const args = ['secret', 'set', name, '--repo', repo];
  if (environment !== undefined) args.push('--env', environment);
  const { exitCode, stderr } = await runProgram('gh', args, INSTALL_GH, { input: value });
  if (exitCode === 0) return;
  const text = quote(stderr, [value]);
  const status = Number(/\bHTTP (\d{3})\b/.exec(stderr)?.[1]);
  const isRefused = status === 403 || status === 404;
  throw new CommandError(
    isRefused ? 'NOT_PERMITTED' : 'SERVICE_REFUSED',
    `Setting the secret ${name}: \`gh secret set\` failed (exit code ${exitCode})${text && `: ${text}`}.`,
    {
      ...(!Number.isNaN(status) && { status }),
      remedy: isRefused
        ? 'Use a token that may write environments and secrets: the permission environments=write, or the scope repo.'
        : 'Run `gh auth status`, and correct what it reports.',
    },
  );
}

const variablesPath = (environment: string | undefined) =>
  environment === undefined ? '/actions/variables' : `${environmentPath(environment)}/variables`;

function variableCalls(client: GitHubRequests): Pick<GitHub, 'variables' | 'setVariable' | 'deleteVariable'> {
  return {
    async variables(environment) {
      const all = await readAll(client, variablesPath(environment), 'variables', 'Reading the variables');
      return Object.fromEntries(all.map((one) => [String(one['name']), String(one['value'])]));
    },
    async setVariable(environment, name, value) {
      const [path, what] = [variablesPath(environment), `Setting the variable ${name}`];
      const status = await write(client, ['POST', path], { name, value }, what, [409]);
      if (status === 409)
        await write(client, ['PATCH', `${path}/${encodeURIComponent(name)}`], { value }, what);
    },
    async deleteVariable(environment, name) {
      const path = `${variablesPath(environment)}/${encodeURIComponent(name)}`;
      await write(client, ['DELETE', path], undefined, `Deleting the variable ${name}`, [404]);
    },
  };
}
