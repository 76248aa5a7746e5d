// Error codes of the job itself: inputs, ID token, network, files.
import type { CodeEntry } from './codes.ts';

export const JOB_CODES = {
  INPUT_INVALID: {
    title: 'Inputs are missing or wrong, or contradict each other.',
    remedy: 'Correct the inputs that this message names.',
    causes: [
      'Several inputs are empty: the job has no `environment:`, or not that of the set-up. Dependabot has its own secrets.',
    ],
  },
  GITHUB_OIDC_UNAVAILABLE: {
    title: 'The job has no permission to request an ID token.',
    remedy:
      'Add `id-token: write` to the `permissions` of the job, and of the caller of a reusable workflow.',
    causes: [
      'Permissions missing from `permissions:` become none.',
      'A pull request from a fork gets neither this permission nor secrets.',
      'Dependabot started the run. The workflow must list the permission.',
      'A step or `env:` changes ACTIONS_ID_TOKEN_REQUEST_URL or …_TOKEN.',
    ],
  },
  GITHUB_OIDC_REFUSED: {
    title: 'GitHub refused to issue an ID token.',
    remedy:
      'Check that no step and no `env:` sets ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN.',
    causes: ['A step replaced one of these variables.', 'The job was cancelled or has ended.'],
  },
  GITHUB_OIDC_EXPIRED: {
    title: 'The job is too old to request another ID token.',
    remedy: 'Move the login into a job of its own: GitHub issues ID tokens to a job for about six hours.',
    causes: [
      'The job runs for more than six hours, or is close to its time limit.',
      'The clock of a self-hosted runner is fast.',
    ],
  },
  GITHUB_UNREACHABLE: {
    title: "GitHub's OIDC service sent no usable response.",
    remedy: 'Run the job again. A self-hosted runner must reach this service over HTTPS.',
    causes: [
      'GitHub has a temporary fault: see www.githubstatus.com.',
      'A firewall blocks `*.actions.githubusercontent.com`, or the network needs a proxy and HTTPS_PROXY is not set.',
    ],
  },
  GITHUB_RESPONSE_MALFORMED: {
    title: 'The response to the request for an ID token contains no token.',
    remedy: 'Check that no step or proxy changes the request for the ID token.',
    causes: ['A step changed ACTIONS_ID_TOKEN_REQUEST_URL.'],
  },
  TLS_UNTRUSTED: {
    title: 'This machine does not trust the certificate of a server.',
    remedy:
      'Behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS of the runner to the PEM file of its CA.',
    causes: [
      'A proxy inspects TLS, or a private endpoint has a certificate of a private CA.',
      'The address has the wrong host.',
      'The clock is wrong, or the certificate has expired.',
    ],
  },
  PROXY_UNREACHABLE: {
    title: 'The proxy in HTTPS_PROXY cannot be used.',
    remedy: 'Correct HTTPS_PROXY (or https_proxy) of the runner, or add the host to NO_PROXY.',
    causes: [
      'The variable has a wrong host or port, or does not begin with `http://` or `https://`.',
      'The password has a `/`, `?`, `#` or `\\` that is not percent-encoded.',
    ],
  },
  PROXY_REFUSED: {
    title: 'The proxy refused a connection to the host.',
    remedy: 'Allow it at the proxy, or add the host to NO_PROXY.',
    causes: [
      'The proxy does not allow the host, or a port besides 443.',
      'The credentials of the proxy are missing or wrong (407).',
    ],
  },
  DEADLINE_EXCEEDED: {
    title: 'The login took longer than `timeout-seconds`.',
    remedy: 'Check the service that the log shows as slow, or raise `timeout-seconds`.',
    causes: ['A firewall drops packets instead of refusing connections.'],
  },
  EXPORT_CONFLICT: {
    title: 'Two logins of this job export the same variables for different profiles.',
    remedy: 'Remove the target from `export-for` of one login, or move one login to another job.',
    causes: ['One login exports for terraform, the other for terraform-session.'],
  },
  PROFILE_EXISTS: {
    title: 'The file already has a profile of this name, which this action did not write.',
    remedy:
      'Set `profile` to an unused name, or `overwrite-profile: true`: the post step restores the old section.',
    causes: ['Somebody set up a profile on the self-hosted runner.'],
  },
  PROFILE_IN_USE: {
    title: 'Another job that is still running on this machine uses the profile.',
    remedy: 'Give each job its own `profile` or `aws-profile`, such as one with the matrix index.',
    causes: ['Runners with one home directory run jobs at the same time.'],
  },
  PROFILE_AMBIGUOUS: {
    title: 'The file has several sections for this profile.',
    remedy: 'Keep one of these sections and remove the others.',
    causes: [
      'A script appends the section at every run.',
      'The names differ only in spaces or quotes, or are [default] and [profile default].',
      'Keys in [DEFAULT] change the identity of an AWS profile. Remove them.',
    ],
  },
  CONFIG_UNREADABLE: {
    title: 'The file is not plain text or not valid JSON, so nothing can be added.',
    remedy: 'Correct the file, or choose another path (`config-file`, DOCKER_CONFIG).',
    causes: [
      "Docker's config.json has a comma too many, a comment, or a key twice.",
      'The file is in UTF-16, as older versions of PowerShell write it.',
    ],
  },
  PATH_UNSAFE: {
    title: 'The path is not safe for keys.',
    remedy: 'Correct this, or choose another path (`config-file`, AWS_CONFIG_FILE, DOCKER_CONFIG).',
    causes: [
      'The file or `sessions` is a symbolic link, as managers of dotfiles create them.',
      'Other users can write to the directory or to one above it.',
      'The path is in the checkout, where a later step could publish the key.',
      'AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE is relative or contains variables.',
    ],
  },
  FILES_NOT_WRITABLE: {
    title: 'The operating system refused to read or write a file.',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions
    remedy: 'Choose a path that the runner can write, such as `config-file: ${{ runner.temp }}/.oci/config`.',
    causes: [
      'Root owns the home after a container job (EACCES, EPERM).',
      'The path is below a file or /proc (ENOTDIR, ENOENT).',
      'The disk is full (ENOSPC) or read-only (EROFS).',
      'The session directory is a mount point or part of the container image (EXDEV, EBUSY).',
    ],
  },
  CONFIG_LOCKED: {
    title: 'Other programs locked or changed a file of the login for too long.',
    remedy: 'Run the job again, or give each job its own `config-file`.',
    causes: ['On Windows, an editor or a virus scanner has the file open.'],
  },
  REFRESHER_NOT_STARTED: {
    title: 'The refresher did not start, and `refresh: true` requires it.',
    remedy: 'Run the job again. If it fails again, check the memory and process limits of the machine.',
    causes: ['The machine has no memory or no process left, or forbids processes that outlive their parent.'],
  },
  UNEXPECTED: {
    title: 'An unexpected error occurred.',
    remedy: 'Run the job again with ACTIONS_STEP_DEBUG=true and report the stack that it shows.',
    causes: [
      'A file of the runner, such as that in GITHUB_ENV, is missing or cannot be written.',
      'This action has a defect.',
    ],
  },
} as const satisfies Record<string, CodeEntry>;
