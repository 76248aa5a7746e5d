// Settings of GitHub's REST API. Repositories and tokens are in `world.githubRest`.

export interface GithubRestSettings {
  /** Private repositories have no environments with `free`, and no reviewers and timers with `team`. */
  githubPlan: 'free' | 'team' | 'enterprise';
  /** Whether a PUT of an environment resets the rules that it omits: unknown. */
  environmentPutResets: boolean;
  /** Requests left until GitHub refuses: `primary` counts an hour, `secondary` refuses bursts. Undefined for no limit. */
  githubRateLimit: { remaining: number; kind: 'primary' | 'secondary' } | undefined;
}

export function githubRestDefaults(): GithubRestSettings {
  return { githubPlan: 'team', environmentPutResets: true, githubRateLimit: undefined };
}
