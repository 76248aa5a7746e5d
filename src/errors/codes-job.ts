// Error codes of the job itself: inputs, ID token, network, files.
import type { CodeEntry } from './codes.ts';

export const JOB_CODES = {
  INPUT_INVALID: {
    title: 'One or more inputs are missing or wrong, or contradict each other.',
    remedy: 'Correct what the message names.',
    causes: [
      'The variable or secret that the workflow reads does not exist here, so the input is empty. An environment has its own variables and secrets.',
      'The run gets no secrets: a pull request from a fork gets none, and Dependabot has its own.',
      'YAML changed the value, such as an account number without quotes.',
      'Two inputs exclude each other, or one requires another: `aws-role-arn` requires `aws-region`.',
    ],
  },
  GITHUB_OIDC_UNAVAILABLE: {
    title: 'The job has no permission to request an ID token from GitHub.',
    remedy:
      'Add `permissions: { id-token: write, contents: read }` to the job, and to the caller of a reusable workflow. Pull requests from forks never get this permission.',
    causes: [
      'The job lacks `permissions: id-token: write`. A list of permissions removes every permission that it does not name.',
      'The caller of a reusable workflow does not grant the permission.',
      'The run is for a pull request from a fork, which never gets the permission.',
      'Dependabot started the run, which gets the permission only if the workflow lists it.',
      'A step or `env:` sets the variables of the runner to an address that is not `https://`.',
    ],
  },
  GITHUB_OIDC_REFUSED: {
    title: 'GitHub refused to issue an ID token to this job.',
    remedy:
      'Check that the job was not cancelled, and that no step and no `env:` overrides ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN.',
    causes: [
      'The job was cancelled or has ended.',
      'A step replaced ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN.',
    ],
  },
  GITHUB_OIDC_EXPIRED: {
    title: 'The request token, with which the job requests ID tokens, has expired.',
    remedy:
      'Log in earlier, or move the steps that need OCI to a job of their own: GitHub issues ID tokens to a job for about six hours. On a self-hosted runner, check the clock too.',
    causes: [
      'The job has run for more than about six hours, which is possible on a self-hosted runner.',
      'The login or its retry runs in the last minutes before the time limit of the job.',
      'A step set ACTIONS_ID_TOKEN_REQUEST_TOKEN to the value of an earlier job.',
    ],
  },
  GITHUB_UNREACHABLE: {
    title: "GitHub's OIDC service sent no usable response in any attempt.",
    remedy:
      'Run the job again (status: www.githubstatus.com). A self-hosted runner must reach the host in ACTIONS_ID_TOKEN_REQUEST_URL over HTTPS.',
    causes: [
      'GitHub or the network has a temporary fault.',
      'The firewall of a self-hosted runner blocks `*.actions.githubusercontent.com`.',
      'The network requires a proxy, and HTTPS_PROXY is not set in the environment of the runner.',
    ],
  },
  GITHUB_RESPONSE_MALFORMED: {
    title: 'The response to the request for an ID token contains no token.',
    remedy: 'Check whether a proxy or captive portal responds in place of GitHub.',
    causes: [
      'An intercepting proxy or captive portal sends its own page.',
      'A step set ACTIONS_ID_TOKEN_REQUEST_URL to another address.',
    ],
  },
  TLS_UNTRUSTED: {
    title: 'This machine does not trust the certificate of a server, so nothing was sent to it.',
    remedy:
      'Behind an inspecting proxy or with a private CA, set NODE_EXTRA_CA_CERTS of the runner to the PEM file of the CA. Otherwise check the address and the clock of the machine.',
    causes: [
      'A proxy inspects TLS and signs certificates with the CA of the company.',
      'A private endpoint or server has a certificate of a private CA.',
      'The address has the wrong host, whose certificate has another name.',
      'The clock of the machine is wrong, or the certificate has expired.',
    ],
  },
  PROXY_UNREACHABLE: {
    title: 'The proxy that the environment sets cannot be used.',
    remedy:
      'Check the address in HTTPS_PROXY (or https_proxy) of the runner, and that the proxy runs. Add hosts that need no proxy to NO_PROXY.',
    causes: [
      'The variable has a wrong host or port, or is not an `http://` or `https://` address.',
      'The password has a `/`, `?`, `#` or `\\` that is not percent-encoded.',
      'The proxy is down or overloaded.',
      'The host needs no proxy but is missing from NO_PROXY.',
    ],
  },
  PROXY_REFUSED: {
    title: 'The proxy refused to open a tunnel to the host.',
    remedy:
      'Allow the runner to CONNECT to that host and port at the proxy in HTTPS_PROXY, and check user name and password (http://user:password@host:port, percent-encoded).',
    causes: [
      'The proxy does not allow the host.',
      'The credentials of the proxy are missing or wrong (407).',
      'The port is not 443. Many proxies forbid other ports.',
    ],
  },
  DEADLINE_EXCEEDED: {
    title: 'The login took longer than `timeout-seconds`.',
    remedy: 'Check the waits in the log for the service that was slow, or raise `timeout-seconds`.',
    causes: [
      'A service was slow or did not respond. The log has one line for each wait.',
      '`timeout-seconds` is too short.',
      'A firewall drops packets instead of refusing connections.',
    ],
  },
  EXPORT_CONFLICT: {
    title: 'Two logins of this job with different profiles export the same variables (`export-for`).',
    remedy:
      'Remove this target from `export-for` of one of the two logins, or move the steps that need it to a job of their own. Its variables apply to every later step.',
    causes: [
      'The inputs of one login were copied to another, with `export-for`.',
      'One login exports for terraform and the other for terraform-session, which set the same variables.',
      'Another action that the job uses logs in with this action.',
    ],
  },
  PROFILE_EXISTS: {
    title: 'The file already has a profile of this name, which this action did not write.',
    remedy:
      'Choose another `profile` or `aws-profile`, or set `overwrite-profile: true`: the clean-up then restores the existing profile.',
    causes: [
      'Somebody set up a profile on the self-hosted runner, usually `DEFAULT`.',
      'An earlier step of the job wrote the profile.',
    ],
  },
  PROFILE_IN_USE: {
    title: 'Another job that is still running on this machine uses the profile.',
    remedy:
      'Give each job its own `profile` (`aws-profile` for AWS), for example with the matrix index in its name, or run the jobs one after the other.',
    causes: [
      'Two jobs of a self-hosted runner, or of two runners of one user, log in to the same profile at the same time.',
      'A matrix runs its jobs at once on runners that share a home directory.',
    ],
  },
  PROFILE_AMBIGUOUS: {
    title: 'The file has several sections for this profile, or keys in [DEFAULT] that change its identity.',
    remedy: 'Keep one of these sections. If the message names keys in [DEFAULT], remove them.',
    causes: [
      'A script appends the section at every run.',
      'The names of the sections differ only in spaces or quotes, or are [default] and [profile default], which are one profile for AWS tools.',
      'Keys for the AWS profile `default` are in [DEFAULT]. The AWS CLI and boto3 add keys of [DEFAULT] to every profile.',
    ],
  },
  CONFIG_UNREADABLE: {
    title: 'The file is not plain text or not valid JSON, so nothing can be added to it.',
    remedy:
      "Correct the file: a config file of OCI or AWS must be UTF-8 text, Docker's config.json a JSON object without duplicate keys. Or choose another path (`config-file`, DOCKER_CONFIG).",
    causes: [
      "Docker's config.json has a comma too many, a comment, or the same key twice.",
      'The file is in UTF-16, as older versions of PowerShell write it.',
      'The path is not that of a config file.',
    ],
  },
  PATH_UNSAFE: {
    title:
      'The path is not safe for keys: it is a link, in the checkout, not absolute, or other users can change it.',
    remedy:
      'Correct the path, or choose another one outside the checkout: `config-file`, for AWS the variables AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.',
    causes: [
      'The config file or `sessions` is a symbolic link, as managers of dotfiles create them.',
      'Other users can write to the directory or to one above it, or it belongs to another user.',
      'There is a file where a directory should be, or the reverse.',
      'The path leads into the checkout, perhaps by a link. A later step could publish the key from there.',
      'AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE is relative or contains variables. AWS SDKs resolve them to different files.',
    ],
  },
  FILES_NOT_WRITABLE: {
    title: 'The operating system refused to read or write a file.',
    remedy:
      "Allow the runner's user to read and write this path, free disk space, or choose another `config-file` or `profile`.",
    causes: [
      "The runner's user may not write there, for example because a container job left the home directory to root (EACCES, EPERM).",
      'The disk is full (ENOSPC) or read-only (EROFS).',
      'The session directory of this profile cannot be moved: it is a mount point or part of the container image (EXDEV, EBUSY).',
      'A name is too long (ENAMETOOLONG).',
    ],
  },
  CONFIG_LOCKED: {
    title: 'Other programs locked or changed a file of the login, or had it open, for too long.',
    remedy: 'Run the job again, or give each job its own `config-file`.',
    causes: [
      'Very many jobs on one machine share the home directory.',
      'A program rewrites the config file continuously.',
      'On Windows, another program has the config file open, such as an editor or a virus scanner.',
    ],
  },
  REFRESHER_NOT_STARTED: {
    title: 'The refresher did not start. With `refresh: true`, the login was rolled back.',
    remedy:
      'Run the job again. If the error returns, check that the machine allows another Node process (memory, number of processes), and read the log of this step.',
    causes: [
      'The machine has no memory or no process left.',
      'A policy of the machine forbids processes that outlive their parent.',
    ],
  },
  UNEXPECTED: {
    title: 'An unexpected error occurred.',
    remedy:
      'Run the job again with debug logging (ACTIONS_STEP_DEBUG=true) and report the stack that it shows.',
    causes: [
      'A file of the runner, such as the one in GITHUB_ENV or GITHUB_OUTPUT, is missing or cannot be written.',
      'This action has a defect.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
