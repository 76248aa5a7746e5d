// What each failure means and where it comes from, for whoever reads the long form. Loaded only when a login has failed;
// what to do is in remedies.ts. Knows the codes and nothing of how they come about.

import type { ErrorCode, Explanation } from './action-error.ts';
import { OF_AWS } from './aws-codes.ts';
import { OF_THE_DOMAIN } from './domain-codes.ts';
import { OF_THE_VERIFICATION } from './verification-codes.ts';

/** A code without an entry does not compile. */
export const CATALOGUE = {
  ...OF_THE_DOMAIN,
  ...OF_THE_VERIFICATION,
  ...OF_AWS,
  INPUT_INVALID: {
    happened: 'One or more inputs are missing, misspelt or contradict each other.',
    causes: [
      'A variable or secret that the workflow names does not exist here, so that the input is empty; an environment has its own.',
      'A run that gets no secrets: a pull request from a fork, or Dependabot, which has secrets of its own.',
      'A value that YAML has changed, such as an account number without quotes.',
      'Inputs that exclude or need one another, such as `aws-role-arn` without `aws-region`.',
    ],
  },
  SESSION_TOO_SHORT: {
    happened:
      'The session that the domain issued ends earlier than `minimum-lifetime-seconds` allows. Nothing was written.',
    causes: [
      'More is asked for than a session lasts: that of a user an hour at most, that of a resource 20 minutes unless `rpst-lifetime-seconds` asks for more.',
      'The domain issues shorter sessions than usual.',
      'The clock of the machine runs ahead, so that less seems to be left.',
    ],
  },
  REFRESHER_NOT_STARTED: {
    happened: 'The process that was to keep the session fresh did not come up. The login was taken back.',
    causes: [
      'The machine has no memory or no process left for it.',
      'NODE_OPTIONS of the job holds something that Node refuses.',
      'A policy of the machine forbids processes that outlive their parent.',
    ],
  },
  GITHUB_OIDC_UNAVAILABLE: {
    happened: 'The job has nothing to ask GitHub for its identity with.',
    causes: [
      'The job lacks `permissions: id-token: write`; a list of permissions takes away all that it does not name.',
      'A reusable workflow whose caller does not grant the permission.',
      'A pull request from a fork, which never gets it, or a run of Dependabot, which gets it only if listed.',
      "Something overrides the runner's variables with an address that is not `https://`.",
    ],
  },
  GITHUB_OIDC_REFUSED: {
    happened: "GitHub's OIDC service refused to issue a token to this job.",
    causes: [
      'The job was cancelled or has ended meanwhile.',
      'A step has replaced ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN.',
    ],
  },
  GITHUB_OIDC_EXPIRED: {
    happened: 'The token by which the job may ask GitHub for its identity has expired.',
    causes: [
      'The job is older than about six hours, as a job on a self-hosted runner may be.',
      'The job ends at its time limit, and the login comes in its last minutes or in a retry.',
      'A step has put the variables of an earlier job into ACTIONS_ID_TOKEN_REQUEST_TOKEN.',
    ],
  },
  GITHUB_UNREACHABLE: {
    happened: "GitHub's OIDC service gave no usable answer in any of the tries.",
    causes: [
      'A passing fault of GitHub or of the network.',
      'A self-hosted runner whose firewall does not let it out to `*.actions.githubusercontent.com`.',
      'A network that can only be left through a proxy, which the runner has not been told of.',
    ],
  },
  GITHUB_RESPONSE_MALFORMED: {
    happened: "What answered in place of GitHub's OIDC service did not send a token.",
    causes: [
      'An intercepting proxy or captive portal that answers with a page of its own.',
      'A step has pointed ACTIONS_ID_TOKEN_REQUEST_URL elsewhere.',
    ],
  },
  TLS_UNTRUSTED: {
    happened: 'A server showed a certificate that this machine does not accept; nothing was sent to it.',
    causes: [
      'A proxy that inspects TLS and signs with a CA of the company.',
      'A private endpoint or server with a certificate of a private CA.',
      'A wrong host, whose certificate bears another name.',
      'A clock that is far off, or a certificate that has expired.',
    ],
  },
  PROXY_UNREACHABLE: {
    happened: 'The proxy that the environment prescribes could not be used.',
    causes: [
      'A wrong host or port in the variable, or something that is no `http://` or `https://` address.',
      'The proxy is down or overloaded.',
      'The host should be reached directly, but is not in NO_PROXY.',
    ],
  },
  PROXY_REFUSED: {
    happened: 'The proxy answered and would not open a way to the host.',
    causes: [
      'The host is not on the list of what the proxy lets through.',
      'Missing or wrong credentials of the proxy (407).',
      'A port other than 443, which many proxies forbid.',
    ],
  },
  EXPORT_CONFLICT: {
    happened: 'Two logins of one job, with different profiles, want the same variables in `export-for`.',
    causes: [
      'The inputs of one login were copied for another, `export-for` included.',
      'Both serve Terraform, one by terraform and one by terraform-session, which share their variables.',
      'An action of somebody else that the job uses logs in by this one.',
    ],
  },
  PROFILE_EXISTS: {
    happened: 'The config has a section of the name that is to be written, and this action did not write it.',
    causes: [
      'A self-hosted runner on which somebody has set up a profile, most often `DEFAULT`.',
      'An earlier step of the job has written one.',
    ],
  },
  PROFILE_AMBIGUOUS: {
    happened: 'The config has several sections of the name that is to be written.',
    causes: [
      'A script that appends a section at every run.',
      'Names that differ only in blanks inside the brackets.',
    ],
  },
  CONFIG_UNREADABLE: {
    happened: 'The config is no plain text that a section could be added to.',
    causes: [
      'A file in UTF-16, as older versions of PowerShell write it.',
      'A path that leads to something else than a config.',
    ],
  },
  PATH_UNSAFE: {
    happened:
      'Something in the place of the files to be written would lead keys elsewhere, or let others at them.',
    causes: [
      'A symbolic link in place of the config or of `sessions`, as managers of dotfiles make them.',
      'A directory that others may write to or that belongs to another user.',
      'A file where a directory should be, or the reverse.',
      'A path inside the checkout, from where a key would be published.',
    ],
  },
  FILES_NOT_WRITABLE: {
    happened: 'The operating system refused to read or write one of the files; the message has its reason.',
    causes: [
      "The runner's user may not write there, as in a home that an earlier container job has left to root (EACCES, EPERM).",
      'The disk is full (ENOSPC) or read-only (EROFS).',
      'A name that is too long (ENAMETOOLONG).',
    ],
  },
  CONFIG_LOCKED: {
    happened: 'For half a minute, others held the lock on the config or wrote the file without a break.',
    causes: [
      'Very many jobs on one machine share the home.',
      'A program that writes the config over and over.',
      'A job in another container was killed with the lock in hand: from here its death cannot be seen, so its lock counts for a minute.',
    ],
  },
  DEADLINE_EXCEEDED: {
    happened: 'The time for the whole step was used up by tries and waits.',
    causes: [
      'A service that was slow or silent; the log has one line for each wait.',
      '`timeout-seconds` is too short for what was asked.',
      'A firewall that drops packets instead of refusing them.',
    ],
  },
  UNEXPECTED: {
    happened: 'Something failed that this action did not foresee.',
    causes: [
      "A file of the runner's own, such as the one in GITHUB_ENV or GITHUB_OUTPUT, is missing or cannot be written.",
      'A defect of this action.',
    ],
  },
} as const satisfies Record<ErrorCode, Explanation>;

/** The page has one heading per code; for its anchor GitHub turns that into lower case, and underscores stay. */
export function pageOf(code: ErrorCode): string {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}
