// What to do about each failure a workflow author can meet; the list is closed. `catalogue/` has the causes.

/** What to do, per code. A code without a cure does not compile. */
export const REMEDIES = {
  INPUT_INVALID: 'Correct the inputs that the message names, under `with:`.',
  GITHUB_OIDC_UNAVAILABLE:
    'Give the job `permissions: { id-token: write, contents: read }`. A reusable workflow needs it in its caller too; pull requests from forks never get it.',
  GITHUB_OIDC_REFUSED:
    'Check that the job is still running and that nothing overrides ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN in `env:`.',
  GITHUB_OIDC_EXPIRED:
    'Log in while the job is young, or give the steps that need OCI a job of their own: a job may ask for its identity for about six hours. On a self-hosted runner, check its clock too.',
  GITHUB_UNREACHABLE:
    'Run the job again. A self-hosted runner must reach the host of ACTIONS_ID_TOKEN_REQUEST_URL over HTTPS (status: www.githubstatus.com).',
  GITHUB_RESPONSE_MALFORMED:
    'Something between the runner and GitHub answered in its place: look for an intercepting proxy or captive portal.',
  OCI_DOMAIN_UNREACHABLE:
    'Check `domain-url`, and that the runner may reach that host on port 443. If the domain is only slow, raise `request-timeout-seconds` or `retry-max-attempts`.',
  OCI_CLIENT_REJECTED:
    'Check `client-id` and `client-secret` (was the secret regenerated?), that the application is activated, and that `domain-url` is the domain it belongs to.',
  OCI_NO_RULE_MATCHED:
    "Compare the token's subject with the impersonation rules of the trust: exact form, no quotes round the value. Environments, pull requests and tags change the subject; so does the form with ids (repo:OWNER@ID/REPO@ID).",
  OCI_NOT_A_SERVICE_USER:
    "The user in the trust's rule was created without `serviceUser: true`, which cannot be changed later: create a service user and name its id in the rule.",
  OCI_EXCHANGE_REJECTED:
    "Compare the token's issuer, audience and subject with the identity propagation trust: is it active, is this application among its OAuth clients, does its client claim list this audience? For `token-type: rpst`: does it say subjectType Resource, is its impersonatingResource the `resource-type`, does the token meet its claimValidations?",
  OCI_RATE_LIMITED:
    'The domain limits logins per second and minute (10 and 150 in a Free domain). Spread the jobs (`max-parallel`), log in once per job, or raise `timeout-seconds`.',
  OCI_RESPONSE_MALFORMED:
    "Check that `domain-url` is the identity domain's own URL, and that no proxy or portal answers in its place.",
  TLS_UNTRUSTED:
    "Behind an inspecting proxy or with a private CA, set NODE_EXTRA_CA_CERTS to its PEM file in the runner's environment. Otherwise check the address and the clock of this machine.",
  PROXY_UNREACHABLE:
    "Check the address in HTTPS_PROXY (or https_proxy) of the runner's environment, and that the proxy is up. Hosts that are reached without it belong into NO_PROXY.",
  PROXY_REFUSED:
    'The proxy in HTTPS_PROXY must let the runner CONNECT to that host on that port, and its user name and password must be right (http://user:password@host:port, percent-encoded).',
  UPST_EXPIRED: "Set the clock of the runner by a time server; the token's times and this clock disagree.",
  SESSION_TOO_SHORT:
    'Ask for less in `minimum-lifetime-seconds`, a session of a user lasts an hour at most, or keep it fresh with `refresh: true`. For `token-type: rpst`, ask for more in `rpst-lifetime-seconds`. If it is shorter than that, look at what limits it in the identity domain.',
  REFRESHER_NOT_STARTED:
    'Run the job again. If it recurs, see whether the machine allows another process of Node (memory, number of processes), and the log of this step.',
  UPST_KEY_MISMATCH:
    'Run the job again. If it recurs, find out what answers in place of the domain; until you know, treat it as an attack and rotate the client secret.',
  UPST_TENANCY_MISMATCH:
    'Either `domain-url` points at a domain of another tenancy or `tenancy` is wrong. Nothing was written.',
  OCI_SESSION_REFUSED:
    'Run the job again. If it recurs, something on the way changes requests (a proxy that rewrites Host or Date), or `verify-endpoint` is in another realm than the session.',
  OCI_CLOCK_SKEWED:
    'Set the clock of the runner by a time server (NTP): OCI refuses every call of later steps too.',
  OCI_NOT_AUTHORIZED:
    'Give the service user\'s group a policy, such as "Allow group … to read objectstorage-namespaces in tenancy"; for `token-type: rpst`, any-user where request.principal.type is identityfederateddomainapp. One made a moment ago takes minutes to count: run the job again, or raise `retry-max-attempts`.',
  OCI_SERVICE_UNREACHABLE:
    'Run the job again. The runner must reach Object Storage of `region` over HTTPS, or the address in `verify-endpoint`, such as that of a private endpoint.',
  OCI_SERVICE_RESPONSE_MALFORMED:
    'Check that `verify-endpoint` or `region` is right, and that no proxy or portal answers in the place of Object Storage.',
  OCI_REALM_UNKNOWN:
    'Give `verify-endpoint`, the origin of Object Storage in that realm, or leave `verify` out. Nothing was written.',
  EXPORT_CONFLICT:
    'Leave that door out of `export-for` of one of the two logins, or give the steps that need it a job of their own: its variables lead every later step to one session, whatever profile it names.',
  PROFILE_EXISTS:
    'Choose another `profile` or `aws-profile`, or set `overwrite-profile: true`: the section is then replaced and put back by the post step.',
  PROFILE_AMBIGUOUS: 'Remove all but one of these sections; the OCI CLI cannot read such a file at all.',
  CONFIG_UNREADABLE: 'Save the file as UTF-8 text, or point `config-file` at another one.',
  PATH_UNSAFE:
    "Remove the link or special file, or take the right to write from others (`chmod go-w`). Or choose another place outside the checkout, in a directory of the runner's own user: `config-file`, for AWS the variables AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.",
  FILES_NOT_WRITABLE:
    "Give the runner's user the right to read and write there, free some space, or choose another `config-file`.",
  CONFIG_LOCKED:
    'Other jobs or programs are at work on this config without a break. Run the job again, or give each job its own `config-file`.',
  DEADLINE_EXCEEDED:
    'Raise `timeout-seconds`, or look at the waits in the log for the service that was slow.',
  OCI_SCOPE_REFUSED:
    'Try the other form of `aws-scope`: bare, as the resource server lists it ("/"), or behind its primary audience ("sts.amazon.com/"). The application must be allowed that resource.',
  OCI_ACCESS_TOKEN_REFUSED:
    'Allow the application the grant "client credentials" and add the resource server with its scope to what it may ask for.',
  AWS_ISSUER_UNUSABLE:
    "In the domain's OAuth settings (token issuance policy), set the issuer to the domain's own URL, without :443 and without a slash at the end.",
  AWS_AUDIENCE_MISMATCH:
    'Make the primary audience of the resource server, `aws-audience` and the client id list of the IAM provider one and the same value, and ask for one resource only.',
  AWS_SIGNING_KEYS_HIDDEN:
    'In the domain\'s settings, turn on "Configure client access", so that AWS can fetch the signing certificate without credentials.',
  AWS_TOKEN_EXPIRED:
    "Compare the runner's clock and the domain's, and raise the lifetime of access tokens if it is under a few minutes.",
  AWS_ACCESS_DENIED:
    "Compare the role's trust policy with the one shown, and the role's name and account. STS does not say which part differs, nor whether the role exists. A role made a moment ago may need a minute.",
  AWS_IDENTITY_TOKEN_INVALID:
    "Go by the text of STS. If it found no provider or another audience: in the role's own account, create an IAM OIDC provider with exactly this issuer, and this audience in its client id list. If it could not get the key: run the job again, then look at the domain's keys.",
  AWS_POLICY_MALFORMED:
    'Correct `aws-session-policy`: it must be an IAM policy document with Version and Statement.',
  AWS_POLICY_TOO_LARGE: 'Shorten `aws-session-policy` or name fewer `aws-managed-session-policies`.',
  AWS_REQUEST_INVALID:
    'Correct the input that STS names. A duration above the maximum of the role is refused, not shortened; a region that is not enabled cannot be asked.',
  AWS_IDP_UNREACHABLE:
    "AWS could not reach the domain's discovery document or keys in time: check that no network perimeter of the domain keeps AWS out, then run the job again.",
  AWS_UNREACHABLE:
    'Run the job again, with fewer jobs at once if STS throttles. A self-hosted runner must reach the STS endpoint of `aws-region`, or the one in `aws-sts-endpoint`, over HTTPS.',
  AWS_RESPONSE_MALFORMED: 'Check `aws-sts-endpoint`, and that no proxy or portal answers in its place.',
  AWS_ACCOUNT_NOT_ALLOWED:
    'Check `aws-sts-endpoint`: what answers there is in another account than `aws-role-arn`. Nothing was exported.',
  UNEXPECTED: 'Run again with debug logging (ACTIONS_STEP_DEBUG=true) and report the stack it shows.',
} as const satisfies Record<string, string>;
