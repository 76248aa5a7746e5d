// Settings of GitHub: its OIDC issuer and its REST API. Repositories and tokens are in `world.githubRest`.

export interface GithubSettings {
  requestTokenLifetimeSeconds: number;
  githubJwtLifetimeSeconds: number;
  /** Overrides claims of the job, before `sub` is computed from them; '' removes the claim. */
  githubClaims: Readonly<Record<string, string>>;
  /** A customized `sub`, instead of the computed one. */
  githubSubject: string | undefined;
  /** `repo:acme@1001/infra@2002:…`, GitHub's form for repositories created since July 2026. */
  immutableSubject: boolean;
  /** Where the issuer publishes its keys. The discovery document names it; on github.com it is the default. */
  githubKeysPath: string;
  /** Private repositories have no environments with `free`, and no reviewers and timers with `team`. */
  githubPlan: 'free' | 'team' | 'enterprise';
  /** Whether a PUT of an environment resets the rules that it omits: unknown. */
  environmentPutResets: boolean;
  /** Requests left until GitHub refuses: `primary` counts an hour, `secondary` refuses bursts. Undefined for no limit. */
  githubRateLimit: { remaining: number; kind: 'primary' | 'secondary' } | undefined;
}

export function githubDefaults(): GithubSettings {
  return {
    // Six hours of a job and ten minutes of grace, as observed on GitHub-hosted runners.
    requestTokenLifetimeSeconds: 22_200,
    githubJwtLifetimeSeconds: 300,
    githubClaims: {},
    githubSubject: undefined,
    immutableSubject: false,
    githubKeysPath: '/.well-known/jwks',
    githubPlan: 'team',
    environmentPutResets: true,
    githubRateLimit: undefined,
  };
}
