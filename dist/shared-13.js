// src/errors/failure.ts
var Failure = class extends Error {
  code;
  whatHappened;
  remedy;
  evidence;
  /** Correlates with the audit log of the service: `opc-request-id` or its equivalent. */
  requestId;
  constructor(code, whatHappened, { remedy, evidence, requestId, cause }) {
    let message = evidence === void 0 ? whatHappened : `${whatHappened} ${evidence}`;
    super(message, cause === void 0 ? void 0 : { cause }), this.code = code, this.whatHappened = whatHappened, this.remedy = remedy, this.evidence = evidence, this.requestId = requestId;
  }
};
function describeFailure({ code, whatHappened, remedy, evidence, requestId }) {
  let id = requestId === void 0 ? void 0 : `Request ID: ${requestId}.`;
  return [`${code}: ${whatHappened}`, remedy, evidence, id].filter((part) => part !== void 0).join(" ");
}

// src/errors/codes-aws.ts
var AWS_CODES = {
  AWS_ISSUER_UNUSABLE: {
    title: "AWS cannot use the issuer of the access token.",
    remedy: "In the domain's OAuth settings, set the issuer to the domain's own URL, without :443."
  },
  AWS_AUDIENCE_MISMATCH: {
    title: "The access token does not have exactly the audience in `aws-audience`.",
    remedy: "Give `aws-audience`, the resource server and the provider in AWS the same audience."
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    title: "AWS cannot read the signing keys of the domain.",
    remedy: 'In the settings of the domain, turn on "Configure client access".'
  },
  AWS_TOKEN_EXPIRED: {
    title: "The access token has expired by the clock of the runner or of AWS.",
    remedy: "Synchronize the clock of the runner, or raise the lifetime of access tokens."
  },
  AWS_ACCESS_DENIED: {
    title: "The role does not trust this token, or does not exist.",
    remedy: "Check that the role in `aws-role-arn` exists. If it does, add the statement in the job summary to its trust policy."
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    title: "STS did not accept the token for any OIDC provider.",
    remedy: "In the account of the role, create an IAM OIDC provider with this issuer and audience."
  },
  AWS_POLICY_MALFORMED: {
    title: "STS cannot read the session policy.",
    remedy: "Correct `aws-session-policy`: it must be an IAM policy with Version and Statement."
  },
  AWS_POLICY_TOO_LARGE: {
    title: "The session policies are too large after AWS has packed them.",
    remedy: "Shorten `aws-session-policy`, or name fewer `aws-managed-session-policies`."
  },
  AWS_REQUEST_INVALID: {
    title: "STS rejected a parameter, which its message names.",
    remedy: "Correct this parameter. Often the duration is above the maximum of the role."
  },
  AWS_IDP_UNREACHABLE: {
    title: "STS could not reach the identity domain.",
    remedy: "Run the job again. If it fails again, check that no network perimeter blocks AWS."
  },
  AWS_UNREACHABLE: {
    title: "STS sent no usable response.",
    remedy: "Check `aws-region` or `aws-sts-endpoint`, and that the runner can reach the host over HTTPS."
  },
  AWS_RESPONSE_MALFORMED: {
    title: "The response of STS does not contain complete credentials.",
    remedy: "Check `aws-sts-endpoint`, and that no proxy responds in place of STS."
  }
};

// src/errors/codes-job.ts
var JOB_CODES = {
  INPUT_INVALID: {
    title: "Inputs are missing or wrong, or contradict each other.",
    remedy: "Correct the inputs that this message names."
  },
  GITHUB_OIDC_UNAVAILABLE: {
    title: "The job has no permission to request an ID token.",
    remedy: "Add `id-token: write` to the `permissions` of the job, and of the caller of a reusable workflow."
  },
  GITHUB_OIDC_REFUSED: {
    title: "GitHub refused to issue an ID token.",
    remedy: "Check that no step and no `env:` sets ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN."
  },
  GITHUB_OIDC_EXPIRED: {
    title: "The job is too old to request another ID token.",
    remedy: "Move the login into a job of its own: GitHub issues ID tokens to a job for about six hours."
  },
  GITHUB_UNREACHABLE: {
    title: "GitHub's OIDC service sent no usable response.",
    remedy: "Run the job again. A self-hosted runner must reach this service over HTTPS."
  },
  GITHUB_RESPONSE_MALFORMED: {
    title: "The response to the request for an ID token contains no token.",
    remedy: "Check that no step or proxy changes the request for the ID token."
  },
  TLS_UNTRUSTED: {
    title: "This machine does not trust the certificate of a server.",
    remedy: "Behind a proxy that inspects TLS, set NODE_EXTRA_CA_CERTS of the runner to the PEM file of its CA."
  },
  PROXY_UNREACHABLE: {
    title: "The proxy in HTTPS_PROXY cannot be used.",
    remedy: "Correct HTTPS_PROXY (or https_proxy) of the runner, or add the host to NO_PROXY."
  },
  PROXY_REFUSED: {
    title: "The proxy refused a connection to the host.",
    remedy: "Allow it at the proxy, or add the host to NO_PROXY."
  },
  DEADLINE_EXCEEDED: {
    title: "The login took longer than `timeout-seconds`.",
    remedy: "Check the service that the log shows as slow, or raise `timeout-seconds`."
  },
  EXPORT_CONFLICT: {
    title: "Two logins of this job export the same variables for different profiles.",
    remedy: "Remove the target from `export-for` of one login, or move one login to another job."
  },
  PROFILE_EXISTS: {
    title: "The file already has a profile of this name, which this action did not write.",
    remedy: "Set `profile` to an unused name, or `overwrite-profile: true`: the post step restores the old section."
  },
  PROFILE_IN_USE: {
    title: "Another job that is still running on this machine uses the profile.",
    remedy: "Give each job its own `profile` or `aws-profile`, such as one with the matrix index."
  },
  PROFILE_AMBIGUOUS: {
    title: "The file has several sections for this profile.",
    remedy: "Keep one of these sections and remove the others."
  },
  CONFIG_UNREADABLE: {
    title: "The file is not plain text or not valid JSON, so nothing can be added.",
    remedy: "Correct the file, or choose another path (`config-file`, DOCKER_CONFIG)."
  },
  PATH_UNSAFE: {
    title: "The path is not safe for keys.",
    remedy: "Correct this, or choose another path (`config-file`, AWS_CONFIG_FILE, DOCKER_CONFIG)."
  },
  FILES_NOT_WRITABLE: {
    title: "The operating system refused to read or write a file.",
    remedy: "Choose a path that the runner can write, such as `config-file: ${{ runner.temp }}/.oci/config`."
  },
  CONFIG_LOCKED: {
    title: "Other programs locked or changed a file of the login for too long.",
    remedy: "Run the job again, or give each job its own `config-file`."
  },
  REFRESHER_NOT_STARTED: {
    title: "The refresher did not start, and `refresh: true` requires it.",
    remedy: "Run the job again. If it fails again, check the memory and process limits of the machine."
  },
  UNEXPECTED: {
    title: "An unexpected error occurred.",
    remedy: "Run the job again with ACTIONS_STEP_DEBUG=true and report the stack that it shows."
  }
};

// src/errors/codes-oci.ts
var OCI_CODES = {
  OCI_DOMAIN_UNREACHABLE: {
    title: "The identity domain sent no usable response.",
    remedy: "Check `domain-url`, and that the runner can reach its host on port 443."
  },
  OCI_CLIENT_REJECTED: {
    title: "The identity domain rejected the client ID or the client secret.",
    remedy: "Copy `client-id` and `client-secret` again from the application, which must be active in this domain."
  },
  OCI_NO_RULE_MATCHED: {
    title: "No rule of the identity propagation trust matches this job.",
    remedy: "To the trust, add a rule for the subject of this job's token, without quotes."
  },
  OCI_NOT_A_SERVICE_USER: {
    title: "A rule matched, but its user is not a service user.",
    remedy: "Create a user with `serviceUser: true` and put its ID into the rule: an old user cannot become one."
  },
  OCI_EXCHANGE_REJECTED: {
    title: "The identity domain refused to exchange the job's token.",
    remedy: "Check that the trust is active, and that it lists this issuer, this audience and the application."
  },
  OCI_RATE_LIMITED: {
    title: "The identity domain received too many token requests (429).",
    remedy: "Run fewer jobs at once (`max-parallel`), or raise `timeout-seconds`."
  },
  OCI_RESPONSE_MALFORMED: {
    title: "The response is not that of an identity domain.",
    remedy: "Check that `domain-url` is the URL of the domain, and that no proxy responds in its place."
  },
  SESSION_TOO_SHORT: {
    title: "The session ends earlier than `minimum-lifetime-seconds` requires.",
    remedy: "Lower `minimum-lifetime-seconds`, and set `refresh: true` to renew the session while the job runs."
  },
  UPST_EXPIRED: {
    title: "By the clock of the runner, the session token has expired or is not yet valid.",
    remedy: "Synchronize the clock of the runner (NTP), or use another runner."
  },
  UPST_KEY_MISMATCH: {
    title: "The session token is bound to another key than that of this login.",
    remedy: "Run the job again. If it fails again, find out what responds in place of the domain."
  },
  UPST_TENANCY_MISMATCH: {
    title: "The session token is for another tenancy than `tenancy`.",
    remedy: "Check `domain-url` and `tenancy`: they belong to different tenancies."
  },
  OCI_SESSION_REFUSED: {
    title: "OCI refused a request that was signed with the new session.",
    remedy: "Run the job again in a few minutes. If it fails again, check that the tenancy is subscribed to `region`."
  },
  OCI_CLOCK_SKEWED: {
    title: "The clocks of this machine and OCI differ by more than five minutes.",
    remedy: "Synchronize the clock of the runner (NTP), or use another runner."
  },
  OCI_NOT_AUTHORIZED: {
    title: "OCI accepts the signature of the session, but did not send the namespace.",
    remedy: "Run the job again: a new user may need minutes. Then check `region`."
  },
  OCI_SERVICE_UNREACHABLE: {
    title: "Object Storage sent no usable response.",
    remedy: "Check `region` or `verify-endpoint`, and that the runner can reach the host over HTTPS."
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    title: "The response is not the namespace that Object Storage sends.",
    remedy: "Check `verify-endpoint` or `region`, and that no proxy responds in place of Object Storage."
  },
  OCI_REALM_UNKNOWN: {
    title: "This version does not know the realm in the OCID of the tenancy.",
    remedy: "Set `verify-endpoint` to Object Storage of that realm, or remove `verify`."
  },
  OCIR_TOKEN_REFUSED: {
    title: "The container registry issued no token for the session.",
    remedy: 'Add a policy such as "Allow group … to manage repos in compartment …" (read: pull only).'
  },
  OCIR_UNREACHABLE: {
    title: "The container registry sent no usable response.",
    remedy: "Check `ocir-registries` or `region`, and that the runner can reach the host over HTTPS."
  },
  OCIR_RESPONSE_MALFORMED: {
    title: "The response of the container registry does not contain a token.",
    remedy: "Check that `ocir-registries` names registries of OCI, and that no proxy responds in their place."
  },
  OCI_SCOPE_REFUSED: {
    title: "The domain does not grant the application the scope in `aws-scope`.",
    remedy: "Add the primary audience before `aws-scope`, or remove it if it is there."
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    title: "The identity domain refused to issue the access token for AWS.",
    remedy: 'Allow the application the grant "client credentials" and the scope of the resource server.'
  }
};

// src/errors/codes-oke.ts
var OKE_CODES = {
  OKE_NOT_AUTHORIZED: {
    title: "OKE does not let the session use the cluster, or does not find it.",
    remedy: 'Add a policy such as "Allow group … to use clusters in compartment …", and check `oke-cluster`.'
  },
  OKE_REFUSED: {
    title: "OKE refused to send the kubeconfig of a cluster.",
    remedy: "Check `oke-endpoint`: the cluster must have this endpoint."
  },
  OKE_UNREACHABLE: {
    title: "OKE sent no usable response.",
    remedy: "Check `oke-cluster`, and that the runner can reach OKE in its region over HTTPS."
  },
  OKE_RESPONSE_MALFORMED: {
    title: "The response is not the kubeconfig that OKE sends.",
    remedy: "Check that no proxy responds in place of OKE. If none does, report this failure."
  }
};

// src/errors/codes-signer.ts
var SIGNER_CODES = {
  OCI_SIGNER_REJECTED: {
    title: "The domain did not let this instance or pod exchange tokens.",
    remedy: "Add a policy that allows its dynamic group {GET_RPST}, and remove `oauthClients` from the trust."
  },
  INSTANCE_METADATA_UNREACHABLE: {
    title: "This machine is no OCI instance, or its metadata service sent no certificate.",
    remedy: "Run the job on an OCI instance, or use `client-auth: secret`."
  },
  INSTANCE_PRINCIPAL_UNAVAILABLE: {
    title: "OCI issued no token for this instance.",
    remedy: "Check the clock of the instance, and that its subnet has a service gateway or NAT gateway."
  },
  OKE_WORKLOAD_IDENTITY_UNAVAILABLE: {
    title: "OKE issued no token for this pod, or the job does not run in a pod.",
    remedy: "Run the job in a pod of an enhanced OKE cluster, with a service account."
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

// src/errors/action-error.ts
var ActionError = class extends Failure {
  name = "ActionError";
  status;
  /** The part of `evidence` that the job summary shows in another form: a table or a snippet. */
  logOnly;
  /** Names and values that help a human and are no secret, such as the claims of the job's token. */
  facts;
  /** For the job summary: sentences, and texts to paste, in the order in which to read them. */
  details;
  snippets;
  constructor(code, whatHappened, context = {}) {
    super(code, whatHappened, { ...context, remedy: context.remedy ?? describeError(code).remedy }), this.status = context.status, this.logOnly = context.logOnly ?? "", this.facts = context.facts ?? {}, this.details = context.details ?? [], this.snippets = context.snippets ?? [];
  }
};
function titled(code, evidence, context = {}) {
  return new ActionError(code, describeError(code).title, { ...context, evidence });
}
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
  helpPath,
  Failure,
  describeFailure,
  ActionError,
  titled,
  toActionError,
  toFailure,
  Contention
};
