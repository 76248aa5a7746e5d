// Settings of GitHub's REST API. Repositories and tokens are in `world.githubRest`.

export interface GithubRestSettings {
  /** `free`: private repositories have no environments. */
  githubPlan: 'free' | 'team';
  /** Whether a PUT of an environment resets the rules that it omits: unknown. */
  environmentPutResets: boolean;
  /** Requests left until GitHub refuses: `primary` counts an hour, `secondary` refuses bursts. Undefined for no limit. */
  githubRateLimit: { remaining: number; kind: 'primary' | 'secondary' } | undefined;
}

export function githubRestDefaults(): GithubRestSettings {
  return { githubPlan: 'team', environmentPutResets: true, githubRateLimit: undefined };
}
