// GitHub's refusal to issue an identity token as a failure: whether the bearer has expired, or why else. Loaded only
// for a refusal.

import { ActionError, type Snippet } from '../errors/action-error.ts';
import { expiryOf } from '../github/id-token.ts';
import type { HttpResponse } from '../ports.ts';
import { requestIdFrom } from '../response.ts';
import type { Secret } from '../secret.ts';

export function explainRefusal(response: HttpResponse, requestToken: Secret, now: number): ActionError {
  const { status } = response;
  const details = { status, requestId: requestIdFrom(response, 'x-github-request-id') };
  const said = `GitHub refused the job's OIDC token with status ${status}.`;
  const isAboutBearer = status === 401 || status === 403;
  const expiry = isAboutBearer ? expiryOf(requestToken) : undefined;
  if (expiry === undefined) {
    const hint = isAboutBearer ? ' When the request token expires cannot be read from it.' : '';
    return new ActionError('GITHUB_OIDC_REFUSED', `${said}${hint}`, details);
  }
  const [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  if (expiry > now) {
    const hint = `The request token is good until ${end}, and it is ${here} here, so its age is not the reason.`;
    return new ActionError('GITHUB_OIDC_REFUSED', `${said} ${hint}`, details);
  }
  return new ActionError(
    'GITHUB_OIDC_EXPIRED',
    `${said} The job's request token expired at ${end}, and it is ${here} here.`,
    { ...details, snippets: [OWN_JOB] },
  );
}

const OWN_JOB: Snippet = {
  title: 'A job of its own for the login, behind the long one',
  language: 'yaml',
  text: [
    'jobs:',
    '  work: # the steps that take hours, without the login',
    '    runs-on: ubuntu-latest',
    '  deploy:',
    '    needs: work',
    '    runs-on: ubuntu-latest',
    '    permissions:',
    '      id-token: write',
    '      contents: read',
  ].join('\n'),
  isFolded: false,
};
