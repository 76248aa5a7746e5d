// What the run's event says about a missing permission. Loaded only when a job has no identity token to ask for.
import { context } from '@actions/github';

/** Why this run may have no identity, as far as its event shows; '' if it does not. */
export function whyNoIdentity(): string {
  const { eventName, actor, payload } = context;
  const head: { repo?: { fork?: boolean } } | undefined = payload.pull_request?.['head'];
  if (eventName === 'pull_request' && head?.repo?.fork === true) {
    return 'It runs for a pull request from a fork, which GitHub never gives an identity.';
  }
  if (actor === 'dependabot[bot]') {
    return 'Dependabot triggered it: such runs are read-only unless the workflow lists `permissions` itself.';
  }
  return '';
}
