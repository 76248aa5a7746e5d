// src/errors/codes-aws.ts
var AWS_CODES = {
  AWS_ISSUER_UNUSABLE: {
    title: "AWS cannot use the issuer in the access token or in the discovery document of the domain.",
    remedy: "In the domain's OAuth settings (token issuance policy), set the issuer to the domain's own URL, without :443."
  },
  AWS_AUDIENCE_MISMATCH: {
    title: "The access token does not have the audience in `aws-audience`, or has further audiences.",
    remedy: "Set the primary audience of the resource server, `aws-audience` and the client ID list of the IAM provider to the same value, and request one resource only."
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    title: "AWS cannot read the keys that verify the access token, because it has no credentials for the domain.",
    remedy: 'In the settings of the domain, turn on "Configure client access", so that AWS can fetch the signing certificate without credentials.'
  },
  AWS_TOKEN_EXPIRED: {
    title: "The access token has expired by the clock of the runner or of AWS.",
    remedy: "Compare the clocks of the runner and the domain. Raise the lifetime of access tokens if it is less than a few minutes."
  },
  AWS_ACCESS_DENIED: {
    title: "STS knows the domain, but the role does not trust this token, or the role does not exist.",
    remedy: "Compare the trust policy of the role with the one shown, and check `aws-role-arn`. STS does not say what differs. A new role may need a minute."
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    title: "STS rejects the token: no OIDC provider of the account matches it, or it may not assume this role.",
    remedy: "In the account of the role, create an IAM OIDC provider with exactly this issuer, and this audience in its client ID list. If STS could not get the key, run the job again."
  },
  AWS_POLICY_MALFORMED: {
    title: "STS cannot read the session policy.",
    remedy: "Correct `aws-session-policy`: it must be an IAM policy document with Version and Statement."
  },
  AWS_POLICY_TOO_LARGE: {
    title: "The session policies are too large after AWS has packed them.",
    remedy: "Shorten `aws-session-policy`, or name fewer `aws-managed-session-policies`."
  },
  AWS_REQUEST_INVALID: {
    title: "STS rejected a parameter, which its message names.",
    remedy: "Correct the input that STS names. STS refuses a duration above the maximum of the role, and a region that is not enabled."
  },
  AWS_IDP_UNREACHABLE: {
    title: "STS could not reach the identity domain in any attempt.",
    remedy: "Run the job again. If the error returns, check that no network perimeter of the domain blocks AWS from its discovery document and keys."
  },
  AWS_UNREACHABLE: {
    title: "STS sent no usable response in any attempt (network, 5xx or throttling).",
    remedy: "Check `aws-region` or `aws-sts-endpoint`, and that the runner can reach STS there over HTTPS. If STS throttles, run fewer jobs at once. Otherwise run the job again."
  },
  AWS_RESPONSE_MALFORMED: {
    title: "The response of STS does not contain complete credentials for the role.",
    remedy: "Check `aws-sts-endpoint`, and that no proxy or captive portal responds in place of STS."
  }
};

// src/errors/codes-job.ts
var JOB_CODES = {
  INPUT_INVALID: {
    title: "One or more inputs are missing or wrong, or contradict each other.",
    remedy: "Correct what the message names."
  },
  GITHUB_OIDC_UNAVAILABLE: {
    title: "The job has no permission to request an ID token from GitHub.",
    remedy: "Add `permissions: { id-token: write, contents: read }` to the job, and to the caller of a reusable workflow. Pull requests from forks never get this permission."
  },
  GITHUB_OIDC_REFUSED: {
    title: "GitHub refused to issue an ID token to this job.",
    remedy: "Check that the job was not cancelled, and that no step and no `env:` overrides ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN."
  },
  GITHUB_OIDC_EXPIRED: {
    title: "The request token, with which the job requests ID tokens, has expired.",
    remedy: "Log in earlier, or move the steps that need OCI to a job of their own: GitHub issues ID tokens to a job for about six hours. On a self-hosted runner, check the clock too."
  },
  GITHUB_UNREACHABLE: {
    title: "GitHub's OIDC service sent no usable response in any attempt.",
    remedy: "Run the job again (status: www.githubstatus.com). A self-hosted runner must reach the host in ACTIONS_ID_TOKEN_REQUEST_URL over HTTPS."
  },
  GITHUB_RESPONSE_MALFORMED: {
    title: "The response to the request for an ID token contains no token.",
    remedy: "Check whether a proxy or captive portal responds in place of GitHub."
  },
  TLS_UNTRUSTED: {
    title: "This machine does not trust the certificate of a server, so nothing was sent to it.",
    remedy: "Behind an inspecting proxy or with a private CA, set NODE_EXTRA_CA_CERTS of the runner to the PEM file of the CA. Otherwise check the address and the clock of the machine."
  },
  PROXY_UNREACHABLE: {
    title: "The proxy that the environment sets cannot be used.",
    remedy: "Check the address in HTTPS_PROXY (or https_proxy) of the runner, and that the proxy runs. Add hosts that need no proxy to NO_PROXY."
  },
  PROXY_REFUSED: {
    title: "The proxy refused to open a tunnel to the host.",
    remedy: "Allow the runner to CONNECT to that host and port at the proxy in HTTPS_PROXY, and check user name and password (http://user:password@host:port, percent-encoded)."
  },
  DEADLINE_EXCEEDED: {
    title: "The login took longer than `timeout-seconds`.",
    remedy: "Check the waits in the log for the service that was slow, or raise `timeout-seconds`."
  },
  EXPORT_CONFLICT: {
    title: "Two logins of this job with different profiles export the same variables (`export-for`).",
    remedy: "Remove this target from `export-for` of one of the two logins, or move the steps that need it to a job of their own. Its variables apply to every later step."
  },
  PROFILE_EXISTS: {
    title: "The file already has a profile of this name, which this action did not write.",
    remedy: "Choose another `profile` or `aws-profile`, or set `overwrite-profile: true`: the clean-up then restores the existing profile."
  },
  PROFILE_IN_USE: {
    title: "Another job that is still running on this machine uses the profile.",
    remedy: "Give each job its own `profile` (`aws-profile` for AWS), for example with the matrix index in its name, or run the jobs one after the other."
  },
  PROFILE_AMBIGUOUS: {
    title: "The file has several sections for this profile, or keys in [DEFAULT] that change its identity.",
    remedy: "Keep one of these sections. If the message names keys in [DEFAULT], remove them."
  },
  CONFIG_UNREADABLE: {
    title: "The file is not plain text or not valid JSON, so nothing can be added to it.",
    remedy: "Correct the file: a config file of OCI or AWS must be UTF-8 text, Docker's config.json a JSON object without duplicate keys. Or choose another path (`config-file`, DOCKER_CONFIG)."
  },
  PATH_UNSAFE: {
    title: "The path is not safe for keys: it is a link, in the checkout, not absolute, or other users can change it.",
    remedy: "Correct the path, or choose another one outside the checkout: `config-file`, for AWS the variables AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."
  },
  FILES_NOT_WRITABLE: {
    title: "The operating system refused to read or write a file.",
    remedy: "Allow the runner's user to read and write this path, free disk space, or choose another `config-file` or `profile`."
  },
  CONFIG_LOCKED: {
    title: "Other programs locked or changed a file of the login, or had it open, for too long.",
    remedy: "Run the job again, or give each job its own `config-file`."
  },
  REFRESHER_NOT_STARTED: {
    title: "The refresher did not start. With `refresh: true`, the login was rolled back.",
    remedy: "Run the job again. If the error returns, check that the machine allows another Node process (memory, number of processes), and read the log of this step."
  },
  UNEXPECTED: {
    title: "An unexpected error occurred.",
    remedy: "Run the job again with debug logging (ACTIONS_STEP_DEBUG=true) and report the stack that it shows."
  }
};

// src/errors/codes-oci.ts
var OCI_CODES = {
  OCI_DOMAIN_UNREACHABLE: {
    title: "The identity domain sent no usable response in any attempt.",
    remedy: "Check `domain-url`, and that the runner can reach that host on port 443. If the domain is only slow, raise `request-timeout-seconds` or `retry-max-attempts`."
  },
  OCI_CLIENT_REJECTED: {
    title: "The identity domain rejected the application (`invalid_client`).",
    remedy: "Check `client-id` and `client-secret`, that the application is active, and that it belongs to the domain in `domain-url`."
  },
  OCI_NO_RULE_MATCHED: {
    title: "No rule of the trust matches this job.",
    remedy: "Add the rule `sub eq …` with the subject of this job's token to the trust (no quotes). The details show it."
  },
  OCI_NOT_A_SERVICE_USER: {
    title: "A rule matched, but its user is not a service user and cannot be impersonated.",
    remedy: "Create a user with `serviceUser: true` and put its ID into the rule. An existing user cannot become a service user."
  },
  OCI_EXCHANGE_REJECTED: {
    title: "The identity domain refused to exchange the ID token.",
    remedy: "Check that the domain has an active trust for this issuer, and that the trust lists the audience of the token and this application. Its `subjectType` must match `token-type`."
  },
  OCI_RATE_LIMITED: {
    title: "The identity domain received too many token requests (429).",
    remedy: "Run fewer jobs at once (`max-parallel`), log in once per job, or raise `timeout-seconds`. A Free domain allows 10 logins a second and 150 a minute."
  },
  OCI_RESPONSE_MALFORMED: {
    title: "The response from `domain-url` is not that of an identity domain.",
    remedy: "Check that `domain-url` is the URL of the identity domain, and that no proxy or captive portal responds in its place."
  },
  SESSION_TOO_SHORT: {
    title: "The session ends earlier than `minimum-lifetime-seconds` requires.",
    remedy: "Lower `minimum-lifetime-seconds` (a session of a user lasts at most an hour), or set `refresh: true`. For `token-type: rpst`, raise `rpst-lifetime-seconds`."
  },
  UPST_EXPIRED: {
    title: "By the clock of the runner, the session token has expired or is not yet valid.",
    remedy: "Synchronize the clock of the runner with a time server: it differs from the times in the token."
  },
  UPST_KEY_MISMATCH: {
    title: "The session token is not bound to the key of this login, so it was discarded.",
    remedy: "Run the job again. If the error returns, find out what responds in place of the domain. Until you know, treat it as an attack and rotate the client secret."
  },
  UPST_TENANCY_MISMATCH: {
    title: "The session token is for another tenancy than the one in `tenancy`.",
    remedy: "Check `domain-url`, which may be a domain of another tenancy, and `tenancy`. Nothing was written."
  },
  OCI_SESSION_REFUSED: {
    title: "OCI refused a request that was signed with the new session.",
    remedy: "Run the job again. If the error returns, look for a proxy that changes Host or Date, and check that `verify-endpoint` is in the realm of the session."
  },
  OCI_CLOCK_SKEWED: {
    title: "The clocks of this machine and OCI differ by more than five minutes, so OCI refuses requests.",
    remedy: "Synchronize the clock of the runner with a time server (NTP). Until then, OCI refuses the requests of later steps too."
  },
  OCI_NOT_AUTHORIZED: {
    title: "OCI accepts the session but does not allow it to read the Object Storage namespace.",
    remedy: 'Add a policy, such as "Allow group … to read objectstorage-namespaces in tenancy" (rpst: any-user). A new policy takes minutes to apply: run the job again, or raise `retry-max-attempts`.'
  },
  OCI_SERVICE_UNREACHABLE: {
    title: "Object Storage sent no usable response in any attempt.",
    remedy: "Check `region` or `verify-endpoint`, and that the runner can reach Object Storage there over HTTPS. If both are right, run the job again."
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    title: "The response is not the namespace that Object Storage sends.",
    remedy: "Check `verify-endpoint` or `region`, and that no proxy or captive portal responds in place of Object Storage."
  },
  OCI_REALM_UNKNOWN: {
    title: "This version does not know the realm in the OCID of the tenancy.",
    remedy: "Set `verify-endpoint` to the Object Storage address of that realm, or remove `verify`. Nothing was written."
  },
  OCIR_TOKEN_REFUSED: {
    title: "The container registry refused to issue a token for the session.",
    remedy: 'Add a policy, such as "Allow group … to manage repos in compartment …" (to pull only: read repos). If the session has ended, log in again, or set `refresh: true`.'
  },
  OCIR_UNREACHABLE: {
    title: "The container registry sent no usable response in any attempt.",
    remedy: "Check `ocir-registries` or `region`, and that the runner can reach the registry over HTTPS. If both are right, run the job again."
  },
  OCIR_RESPONSE_MALFORMED: {
    title: "The response of the container registry does not contain a token.",
    remedy: "Check `ocir-registries`: each name must be a registry of OCI. Check that no proxy or captive portal responds in its place."
  },
  OCI_SCOPE_REFUSED: {
    title: "The identity domain does not grant this application the scope in `aws-scope`.",
    remedy: 'Use the other form of `aws-scope`: as the resource server lists it ("/"), or with its primary audience before it ("sts.amazon.com/"). The application must be allowed that resource.'
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    title: "The identity domain refused to issue the access token for AWS.",
    remedy: 'Allow the application the grant type "client credentials", and add the resource server with its scope to its resources.'
  }
};

// src/errors/codes-oke.ts
var OKE_CODES = {
  OKE_NOT_AUTHORIZED: {
    title: "OCI does not let the session use the cluster, or does not find the cluster.",
    remedy: 'Add a policy, such as "Allow group … to use clusters in compartment …" (rpst: any-user), and check `oke-cluster`: the cluster must be in the tenancy of the session. A new policy takes minutes.'
  },
  OKE_REFUSED: {
    title: "OKE refused to send the kubeconfig of a cluster.",
    remedy: "Check `oke-endpoint`: the cluster must have this endpoint. If the cluster is being created or updated, run the job again when it is active."
  },
  OKE_UNREACHABLE: {
    title: "OKE sent no usable response in any attempt.",
    remedy: "Check that the runner can reach the host in the message over HTTPS. If it can, run the job again."
  },
  OKE_RESPONSE_MALFORMED: {
    title: "The response is not the kubeconfig that OKE sends.",
    remedy: "Check that no proxy or captive portal responds in place of OKE. If none does, report the failure: OKE may have changed the form of its kubeconfig."
  }
};

// src/errors/codes-signer.ts
var SIGNER_CODES = {
  OCI_SIGNER_REJECTED: {
    title: "The identity domain did not let this instance or pod exchange tokens.",
    remedy: "Check that a policy allows this instance or pod {GET_RPST}, and remove `oauthClients` from the trust. A new policy takes minutes."
  },
  INSTANCE_METADATA_UNREACHABLE: {
    title: "This machine is no OCI instance, or its metadata service sent no certificate.",
    remedy: "Run the job on an OCI instance that reaches 169.254.169.254, or use `client-auth: secret`."
  },
  INSTANCE_PRINCIPAL_UNAVAILABLE: {
    title: "OCI issued no token for this instance.",
    remedy: "Check the clock of the instance, and that it reaches the host in the message. Otherwise run the job again."
  },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: {
    title: "OKE issued no token for this pod, or the job does not run in a pod.",
    remedy: "Run the job in a pod of an enhanced OKE cluster, in which the token of a service account is mounted."
  }
};

// src/errors/codes.ts
var CODES = { ...JOB_CODES, ...OCI_CODES, ...SIGNER_CODES, ...OKE_CODES, ...AWS_CODES };
function describeError(code) {
  return CODES[code];
}
function helpPath(code) {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}

// src/errors/failure.ts
var Failure = class extends Error {
  code;
  remedy;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  requestId;
  constructor(code, whatHappened, { remedy, requestId, cause }) {
    super(whatHappened, cause === void 0 ? void 0 : { cause }), this.code = code, this.remedy = remedy, this.requestId = requestId;
  }
};

// src/errors/action-error.ts
var ActionError = class extends Failure {
  name = "ActionError";
  status;
  /** Names and values that help a human and are no secret, such as the claims of the job's token. */
  facts;
  /** For the job summary: sentences, and texts to paste, in the order in which to read them. */
  details;
  snippets;
  constructor(code, whatHappened, context = {}) {
    super(code, whatHappened, { ...context, remedy: context.remedy ?? describeError(code).remedy }), this.status = context.status, this.facts = context.facts ?? {}, this.details = context.details ?? [], this.snippets = context.snippets ?? [];
  }
};
function toActionError(thrown) {
  if (thrown instanceof ActionError) return thrown;
  if (thrown instanceof Contention) return new ActionError("CONFIG_LOCKED", `${thrown.message}.`);
  let text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "something that is not an Error was thrown";
  return new ActionError("UNEXPECTED", /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}
function toFailure(thrown) {
  return thrown instanceof Failure ? thrown : toActionError(thrown);
}
var Contention = class extends Error {
  name = "Contention";
};

export {
  describeError,
  helpPath,
  Failure,
  ActionError,
  toActionError,
  toFailure,
  Contention
};
