var __defProp = Object.defineProperty;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __esm = (fn, res, err) => function() {
  if (err) throw err[0];
  try {
    return fn && (res = (0, fn[__getOwnPropNames(fn)[0]])(fn = 0)), res;
  } catch (e) {
    throw err = [e], e;
  }
};
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: !0 });
};

// src/errors/codes-aws.ts
var AWS_CODES, init_codes_aws = __esm({
  "src/errors/codes-aws.ts"() {
    "use strict";
    AWS_CODES = {
      AWS_ISSUER_UNUSABLE: {
        title: "AWS cannot look up the issuer in the access token or in the discovery document of the domain.",
        remedy: "In the domain's OAuth settings (token issuance policy), set the issuer to the domain's own URL, without :443 and without a slash at the end."
      },
      AWS_AUDIENCE_MISMATCH: {
        title: "The access token does not have exactly the audience in `aws-audience`.",
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
        title: "STS does not accept the token as one of an OIDC provider of the account.",
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
  }
});

// src/errors/codes-job.ts
var JOB_CODES, init_codes_job = __esm({
  "src/errors/codes-job.ts"() {
    "use strict";
    JOB_CODES = {
      INPUT_INVALID: {
        title: "One or more inputs are missing, wrong or contradict each other.",
        remedy: "Correct the inputs that the message names, under `with:`."
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
        remedy: "Choose another `profile` or `aws-profile`, or set `overwrite-profile: true`: the post step then restores the existing profile."
      },
      PROFILE_AMBIGUOUS: {
        title: "The file has several sections for this profile.",
        remedy: "Remove all but one of these sections. The OCI CLI cannot read a file with duplicate sections."
      },
      CONFIG_UNREADABLE: {
        title: "The file is not plain text, so no profile can be added to it.",
        remedy: "Save the file as UTF-8 text, or set `config-file` to another path."
      },
      PATH_UNSAFE: {
        title: "The path is not safe for keys: it leads elsewhere, or other users can change it.",
        remedy: "Remove the link, or the write permission of others (`chmod go-w`). Or choose a path outside the checkout: `config-file`, for AWS the variables AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE."
      },
      FILES_NOT_WRITABLE: {
        title: "The operating system refused to read or write a file.",
        remedy: "Allow the runner's user to read and write this path, free disk space, or choose another `config-file`."
      },
      CONFIG_LOCKED: {
        title: "Other programs locked or wrote the config file without a pause for half a minute.",
        remedy: "Run the job again, or give each job its own `config-file`."
      },
      REFRESHER_NOT_STARTED: {
        title: "The background process that refreshes the session did not start, so the login was rolled back.",
        remedy: "Run the job again. If the error returns, check that the machine allows another Node process (memory, number of processes), and read the log of this step."
      },
      UNEXPECTED: {
        title: "An unexpected error occurred.",
        remedy: "Run the job again with debug logging (ACTIONS_STEP_DEBUG=true) and report the stack that it shows."
      }
    };
  }
});

// src/errors/codes-oci.ts
var OCI_CODES, init_codes_oci = __esm({
  "src/errors/codes-oci.ts"() {
    "use strict";
    OCI_CODES = {
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
        remedy: "Add the rule `sub eq …` with the subject of this job's token to the trust (no quotes). An environment, a pull request, a tag or the form repo:OWNER@ID/REPO@ID changes the subject."
      },
      OCI_NOT_A_SERVICE_USER: {
        title: "A rule matched, but its user is not a service user and cannot be impersonated.",
        remedy: "Create a user with `serviceUser: true` and put its ID into the rule. An existing user cannot become a service user."
      },
      OCI_EXCHANGE_REJECTED: {
        title: "The identity domain refused to exchange the ID token.",
        remedy: "Check that the trust is active, has the issuer and audience of the token and lists this application. Its subjectType must match `token-type` (rpst: also check impersonatingResource, claimValidations)."
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
      OCI_SCOPE_REFUSED: {
        title: "The identity domain does not grant this application the scope in `aws-scope`.",
        remedy: 'Use the other form of `aws-scope`: as the resource server lists it ("/"), or with its primary audience before it ("sts.amazon.com/"). The application must be allowed that resource.'
      },
      OCI_ACCESS_TOKEN_REFUSED: {
        title: "The identity domain refused to issue the access token for AWS.",
        remedy: 'Allow the application the grant type "client credentials", and add the resource server with its scope to its resources.'
      }
    };
  }
});

// src/errors/codes.ts
function describeError(code) {
  return CODES[code];
}
var CODES, init_codes = __esm({
  "src/errors/codes.ts"() {
    "use strict";
    init_codes_aws();
    init_codes_job();
    init_codes_oci();
    CODES = { ...JOB_CODES, ...OCI_CODES, ...AWS_CODES };
  }
});

// src/errors/action-error.ts
function toActionError(thrown) {
  if (thrown instanceof ActionError) return thrown;
  let text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "something that is not an Error was thrown";
  return new ActionError("UNEXPECTED", /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}
var ActionError, Contention, init_action_error = __esm({
  "src/errors/action-error.ts"() {
    "use strict";
    init_codes();
    ActionError = class extends Error {
      name = "ActionError";
      code;
      requestId;
      status;
      facts;
      details;
      snippets;
      constructor(code, whatHappened, context = {}) {
        super(whatHappened, context.cause === void 0 ? void 0 : { cause: context.cause }), this.code = code, this.requestId = context.requestId, this.status = context.status, this.facts = context.facts ?? {}, this.details = context.details ?? [], this.snippets = context.snippets ?? [];
      }
      get remedy() {
        return describeError(this.code).remedy;
      }
    };
    Contention = class extends Error {
      name = "Contention";
    };
  }
});

// src/errors/transport-error.ts
var TransportError, init_transport_error = __esm({
  "src/errors/transport-error.ts"() {
    "use strict";
    TransportError = class extends Error {
      name = "TransportError";
      failure;
      /** True when the deadline of the step ended the attempts, not their number. */
      outOfTime;
      constructor(failure, message, outOfTime = !1) {
        super(message), this.failure = failure, this.outOfTime = outOfTime;
      }
    };
  }
});

// src/response.ts
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return;
  }
}
function parseObject(text) {
  let value = parseJson(text);
  return typeof value == "object" && value !== null && !Array.isArray(value) ? value : void 0;
}
function headerText({ headers }, name) {
  let value = headers[name];
  return typeof value == "string" ? value : void 0;
}
function serverTimeOf(response) {
  let time = Date.parse(headerText(response, "date") ?? "");
  return Number.isNaN(time) ? void 0 : time;
}
function requestIdFrom(response, ...names) {
  return names.map((name) => headerText(response, name)).find(isPrintable);
}
function isPrintable(text) {
  return typeof text == "string" && /^[\x21-\x7e]{1,200}$/.test(text) && !/##\[|::/.test(text);
}
function isTime(value) {
  return typeof value == "number" && Math.abs(value) <= 864e10;
}
function toText(value) {
  return typeof value == "string" ? value : JSON.stringify(value) ?? "";
}
function spellingsOf(secret) {
  let inForm = new URLSearchParams([["", secret]]).toString().slice(1);
  return [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret), inForm];
}
function quote(text, secrets) {
  let safe = text;
  for (let secret of secrets)
    for (let spelling of spellingsOf(secret.reveal())) safe = safe.replaceAll(spelling, String(secret));
  return safe = safe.replace(/[\p{Cc}\s]+/gu, " ").replaceAll("##[", "## [").replace(/:(?=:)/g, ": ").trim(), (safe.length > 300 ? `${safe.slice(0, 300)}…` : safe).replace(/\.$/, "");
}
function describeStatus(status) {
  return status >= 300 && status < 400 ? `a redirect (${status}), which is never followed` : `status ${status}`;
}
function isRetryableStatus(status) {
  return status === 408 || status === 429 || status >= 500;
}
var init_response = __esm({
  "src/response.ts"() {
    "use strict";
  }
});

// src/secret.ts
var REDACTED, Secret, init_secret = __esm({
  "src/secret.ts"() {
    "use strict";
    REDACTED = "[redacted]", Secret = class {
      #value;
      constructor(value) {
        this.#value = value;
      }
      reveal() {
        return this.#value;
      }
      toString() {
        return REDACTED;
      }
      toJSON() {
        return REDACTED;
      }
      /** For `util.inspect`, which `console.log` uses. */
      [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
        return REDACTED;
      }
    };
  }
});

// src/aws/sts-endpoint.ts
var init_sts_endpoint = __esm({
  "src/aws/sts-endpoint.ts"() {
    "use strict";
  }
});

// src/errors/service-refusal.ts
var ServiceRefusal, init_service_refusal = __esm({
  "src/errors/service-refusal.ts"() {
    "use strict";
    ServiceRefusal = class extends Error {
      name = "ServiceRefusal";
      service;
      status;
      code;
      text;
      requestId;
      attempts;
      serverTime;
      constructor(service, details) {
        let { status, code = "", text = "", requestId, attempts, serverTime } = details;
        super(`${service} refused with status ${status}`), this.service = service, this.status = status, this.code = code, this.text = text, this.requestId = requestId, this.attempts = attempts, this.serverTime = serverTime;
      }
    };
  }
});

// src/diagnosis/claims.ts
function diagnosticClaims({ claims, expiresAt }) {
  let all = { ...claims, exp: new Date(expiresAt).toISOString() }, present = DIAGNOSTIC_CLAIMS.filter((name) => all[name] !== void 0);
  return Object.fromEntries(present.map((name) => [name, quote(all[name] ?? "", [])]));
}
var DIAGNOSTIC_CLAIMS, init_claims = __esm({
  "src/diagnosis/claims.ts"() {
    "use strict";
    init_response();
    DIAGNOSTIC_CLAIMS = [
      "iss",
      "aud",
      "sub",
      "exp",
      "repository",
      "repository_id",
      "ref",
      "environment",
      "job_workflow_ref",
      "event_name"
    ];
  }
});

// src/diagnosis/subject-form.ts
function subjectForm(claims) {
  let { sub } = claims, fits = (prefix) => endings(claims).some((ending) => sub === `${prefix}:${ending}`);
  return fits(byName(claims)) ? "name" : fits(withIds(claims)) ? "immutable" : "customised";
}
function byName(claims) {
  return `repo:${part(claims, "repository")}`;
}
function withIds(claims) {
  let [owner = "", name = ""] = part(claims, "repository").split("/");
  return `repo:${owner}@${part(claims, "repository_owner_id")}/${name}@${part(claims, "repository_id")}`;
}
function endings(claims) {
  return claims.environment ? [`environment:${part(claims, "environment")}`] : [...claims.event_name?.startsWith("pull_request") ? ["pull_request"] : [], `ref:${part(claims, "ref")}`];
}
function part(claims, name) {
  return (claims[name] ?? "").replaceAll(":", "%3A");
}
function describeSubject(claims) {
  switch (subjectForm(claims)) {
    case "name":
      return "The subject is by name, `repo:OWNER/REPO:…`. When the repository is renamed or transferred, it changes to the form with ids.";
    case "immutable":
      return "The subject is in the immutable form, `repo:OWNER@ID/REPO@ID:…`. A rule by name, `repo:OWNER/REPO:…`, does not match it.";
    case "customised":
      return "The subject is customised by the repository or its organisation. A rule must follow that template.";
  }
}
var init_subject_form = __esm({
  "src/diagnosis/subject-form.ts"() {
    "use strict";
  }
});

// src/diagnosis/rule-comparison.ts
function compareRule(rule, claims) {
  let { claim, operator, value } = rule, actual = Object.hasOwn(claims, claim) ? claims[claim] : void 0;
  if (actual === void 0) return differs(`needs the claim ${ticked(claim)}, which the token does not have`);
  let isPrefix = operator === "eq" && value.endsWith("*"), wanted = isPrefix ? value.slice(0, -1) : value;
  if (operator === "co" ? actual.includes(wanted) : isPrefix ? actual.startsWith(wanted) : actual === wanted)
    return { matches: !0, text: `matches this token${value === "*" ? ", and any job of any repository: replace it" : ""}`, lines: "" };
  let start = operator === "co" ? bestStart(actual, wanted) : 0, sides = { wanted: [...wanted], actual: [...actual].slice(start), start }, reason = reasonFor(wanted, actual, operator, claims), why = reason === void 0 ? "" : `: ${reason}`, opening = operator === "co" ? `is not contained in ${ticked(claim)}; it ` : "";
  return differs(`${opening}${whereItDiffers(sides, isPrefix)}${why}`, drawn(sides));
}
function differs(text, lines = "") {
  return { matches: !1, text, lines };
}
function firstDifference({ wanted, actual }) {
  let at = wanted.findIndex((character, index) => character !== actual[index]);
  return at === -1 ? wanted.length : at;
}
function bestStart(actual, wanted) {
  let [there, sought] = [[...actual], [...wanted]], best = { start: 0, length: 0 };
  for (let start of there.keys()) {
    let length = firstDifference({ wanted: sought, actual: there.slice(start, start + sought.length) });
    length > best.length && (best = { start, length });
  }
  return best.start;
}
function whereItDiffers(sides, isPrefix) {
  let { wanted, actual, start } = sides, at = firstDifference(sides), inToken = start > 0 ? ` (${start + at + 1} of the token's)` : "", tokenHas = at < actual.length ? ticked(segment(actual, at)) : "nothing more", ruleHas = at < wanted.length ? ticked(segment(wanted, at)) : isPrefix ? "a star" : "nothing more";
  return `differs at character ${at + 1}${inToken}: the rule has ${ruleHas}, the token has ${tokenHas}`;
}
function segment(characters, at) {
  let isBorder = (index) => BORDER.test(characters[index] ?? ""), from = at;
  for (; from > 0 && !isBorder(from) && !isBorder(from - 1); ) from -= 1;
  let to = at + 1;
  for (; to < characters.length && !isBorder(to); ) to += 1;
  return characters.slice(from, to).join("");
}
function reasonFor(wanted, actual, operator, claims) {
  let isMet = (value) => operator === "co" ? actual.includes(value) : actual === value, rewritten = (from, to) => wanted.startsWith(from) && actual.startsWith(to);
  if (isMet(wanted.trim()))
    return `a space at the ${wanted.startsWith(" ") ? "beginning" : "end"} of the rule`;
  if (isMet(bare(wanted))) return "quotes in the rule, which the token does not have";
  let lowered = [actual.toLowerCase(), wanted.toLowerCase()];
  return (operator === "co" ? lowered[0].includes(lowered[1]) : lowered[0] === lowered[1]) ? "only upper and lower case differ, and they count" : rewritten(byName(claims), withIds(claims)) ? "the rule is written by name, the token has the immutable form with ids" : rewritten(withIds(claims), byName(claims)) ? "the rule is written in the immutable form with ids, the token has names" : wanted.includes("*") ? "a star is known to work at the end of the value alone" : void 0;
}
function drawn(sides) {
  let at = firstDifference(sides), line = (characters) => characters.map(visible).join(""), { wanted, actual, start } = sides, margin = `token  ${start > 0 ? "…" : ""}`;
  return [
    `${"rule".padEnd(margin.length)}${line(wanted)}`,
    `${margin}${line(actual)}`,
    `${" ".repeat(margin.length + at)}^ character ${at + 1}`
  ].join(`
`);
}
function visible(character) {
  return character === " " ? "␣" : character.replace(/[\p{Cc}\p{Zl}\p{Zp}]/u, "�");
}
function ticked(text) {
  return `\`${text.slice(0, MAX_SEGMENT).replaceAll("`", "'").replaceAll(" ", "␣")}\``;
}
var BORDER, MAX_SEGMENT, bare, init_rule_comparison = __esm({
  "src/diagnosis/rule-comparison.ts"() {
    "use strict";
    init_subject_form();
    BORDER = /[/:@]/, MAX_SEGMENT = 60;
    bare = (text) => text.replace(/["'`“”]/g, "");
  }
});

// src/diagnosis/trust-template.ts
function ruleFor({ subject }) {
  return `sub eq ${subject}`;
}
function trustFor(job) {
  return {
    schemas: [SCHEMA],
    name: "github-actions",
    type: "JWT",
    active: !0,
    issuer: job.issuer,
    publicKeyEndpoint: `${job.issuer}/.well-known/jwks`,
    clientClaimName: "aud",
    clientClaimValues: [job.audience],
    oauthClients: [job.clientId],
    ...principalOf2(job)
  };
}
function principalOf2(job) {
  return job.resourceType === void 0 ? {
    subjectType: "User",
    subjectClaimName: "sub",
    allowImpersonation: !0,
    impersonationServiceUsers: [{ rule: ruleFor(job), value: USER_ID }]
  } : {
    subjectType: "Resource",
    subjectClaimName: "sub",
    allowImpersonation: !0,
    impersonatingResource: job.resourceType,
    claimValidations: [{ name: "sub", value: job.subject }]
  };
}
function trustAsJson(job) {
  return JSON.stringify(trustFor(job), void 0, 2);
}
function trustAsCommand(job) {
  return [
    "cat > trust.json <<'JSON'",
    trustAsJson(job),
    "JSON",
    `${COMMAND} create --endpoint ${inShell(job.domain)} --from-json file://trust.json`
  ].join(`
`);
}
function ruleAsCommand(job) {
  return [
    `TRUST_ID=${inShell(TRUST_ID)} USER_ID=${inShell(USER_ID)}`,
    `ENDPOINT=${inShell(job.domain)}`,
    `RULE=${inShell(ruleFor(job))}`,
    "",
    "# Reads all rules and sends them again with the new one: a patch replaces the whole list.",
    `RULES=$(${COMMAND} get --endpoint "$ENDPOINT" \\`,
    '  --identity-propagation-trust-id "$TRUST_ID" --attributes impersonationServiceUsers |',
    `  jq -ec '[.data."impersonation-service-users"[] | {rule, value}]') &&`,
    `OPERATIONS=$(jq -enc --argjson rules "$RULES" --arg rule "$RULE" --arg user "$USER_ID" '[{`,
    '  op: "replace", path: "impersonationServiceUsers", value: ($rules + [{ rule: $rule, value: $user }])',
    "}]') &&",
    `${COMMAND} patch --endpoint "$ENDPOINT" --identity-propagation-trust-id "$TRUST_ID" \\`,
    `  --schemas '["${PATCH_SCHEMA}"]' --operations "$OPERATIONS"`
  ].join(`
`);
}
function trustAsTerraform(job) {
  let { impersonationServiceUsers = [], claimValidations = [], ...plain } = trustFor(job), blocks = [
    ...impersonationServiceUsers.flatMap(
      (user) => block("impersonation_service_users", { ...user, ocid: USER_OCID })
    ),
    ...claimValidations.flatMap((validation) => block("claim_validations", validation))
  ];
  return [
    'resource "oci_identity_domains_identity_propagation_trust" "github" {',
    ...attributes({ idcsEndpoint: job.domain, ...plain, attributeSets: ["all"] }, "  "),
    ...blocks,
    "}"
  ].join(`
`);
}
function block(name, values) {
  return ["", `  ${name} {`, ...attributes(values, "    "), "  }"];
}
function attributes(values, indent) {
  let rows = Object.entries(values).map(([name, value]) => [toSnakeCase(name), inHcl(value)]), width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}
function toSnakeCase(name) {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
function inHcl(value) {
  return typeof value == "boolean" ? String(value) : typeof value != "string" ? `[${value.map(inHcl).join(", ")}]` : JSON.stringify(value).replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
function inShell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
var USER_ID, USER_OCID, TRUST_ID, SCHEMA, PATCH_SCHEMA, COMMAND, init_trust_template = __esm({
  "src/diagnosis/trust-template.ts"() {
    "use strict";
    USER_ID = "<SCIM id of the service user>", USER_OCID = "<OCID of the service user>", TRUST_ID = "<id of the trust>", SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust", PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp", COMMAND = "oci identity-domains identity-propagation-trust";
  }
});

// src/diagnosis/exchange-refusal.ts
var exchange_refusal_exports = {};
__export(exchange_refusal_exports, {
  explainExchangeRefusal: () => explainExchangeRefusal
});
function explainExchangeRefusal(refusal2, context) {
  let { text, status, requestId } = refusal2, code = errorCode(refusal2, context), message = `The domain refused the exchange (${status}): ${text || "no reason given"}.`;
  if (code === "OCI_CLIENT_REJECTED") return new ActionError(code, message, { status, requestId });
  let { oci, idToken } = context, facts = diagnosticClaims(idToken), { iss = "(none)", aud = "(none)", sub = "(none)" } = facts, comparisons = oci.trustRules.map((rule) => compareRule(rule, idToken.claims)), compared = describeComparisons(code, comparisons), token = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`, first = code === "OCI_NO_RULE_MATCHED" ? compared.slice(0, 1) : [];
  return new ActionError(code, [message, token, ...first].join(" "), {
    status,
    requestId,
    facts,
    details: [...compared, ...hints(code, context)],
    snippets: [...drawings(comparisons), ...templates(code, context)]
  });
}
function errorCode({ code, text }, { oci }) {
  return code === "invalid_client" ? "OCI_CLIENT_REJECTED" : oci.resource !== void 0 ? "OCI_EXCHANGE_REJECTED" : /no rules? matched/i.test(text) ? "OCI_NO_RULE_MATCHED" : /not a service user/i.test(text) ? "OCI_NOT_A_SERVICE_USER" : "OCI_EXCHANGE_REJECTED";
}
function describeComparisons(code, comparisons) {
  let match = comparisons.findIndex(({ matches }) => matches), sentences = comparisons.map(({ text }, at) => {
    let name = comparisons.length > 1 ? `\`trust-rule\` ${at + 1}` : "`trust-rule`";
    return `${quote(`${name} ${text}${at === match ? `, ${DESPITE_MATCH[code]}` : ""}`, [])}.`;
  });
  return match > 0 ? [...sentences.splice(match, 1), ...sentences] : sentences;
}
function hints(code, { oci, idToken: { claims } }) {
  if (code === "OCI_NOT_A_SERVICE_USER") return [];
  let { resource, trustRules } = oci, right = resource ? "only read" : "lead to a user that can only read";
  return [
    describeSubject(claims),
    ...resource ? resourceHints(resource.type) : [],
    "A domain holds one trust per issuer, which all repositories share: change the existing one.",
    ...claims.sub?.endsWith(":pull_request") ? [`All pull requests of the repository share this subject: let it ${right}.`] : [],
    ...code === "OCI_NO_RULE_MATCHED" && trustRules.length === 0 ? [
      "Give the rule of the trust as `trust-rule` to have it compared with the token, character by character."
    ] : []
  ];
}
function resourceHints(type) {
  return [
    `For \`token-type: rpst\` the trust must have \`subjectType\` Resource and \`impersonatingResource\` ${quote(type, [])}, exactly as in \`resource-type\`. A trust for users cannot serve resources too: they need another domain.`,
    "All jobs that share the trust must meet every one of its `claimValidations`: with several subjects leave `sub` out there, validate what they have in common, such as `repository_id`, and distinguish them by `request.principal.name` in the policy."
  ];
}
function drawings(comparisons) {
  return comparisons.flatMap(
    ({ lines }, at) => lines === "" ? [] : [snippet(`Where rule ${at + 1} and token differ`, "text", lines, !1)]
  );
}
function templates(code, { oci, idToken, domainUrl, client }) {
  let { iss: issuer, aud: audience, sub: subject } = idToken.claims;
  if (code === "OCI_NOT_A_SERVICE_USER" || issuer === void 0 || audience === void 0 || subject === void 0) return [];
  let resourceType = oci.resource?.type, { clientId } = client, job = { domain: domainUrl.origin, clientId, issuer, audience, subject, resourceType }, trust = [
    snippet("The whole trust as JSON (SCIM), to compare", "json", trustAsJson(job), !resourceType),
    snippet(
      "The whole trust with the OCI CLI, if the domain has none for this issuer",
      "sh",
      trustAsCommand(job)
    ),
    snippet("The whole trust in Terraform, to compare or to import", "hcl", trustAsTerraform(job))
  ];
  return code !== "OCI_NO_RULE_MATCHED" ? trust : [
    snippet("The impersonation rule that accepts exactly this job", "text", ruleFor(job), !1),
    snippet("Add the rule to the trust with the OCI CLI", "sh", ruleAsCommand(job)),
    ...trust
  ];
}
function snippet(title, language, text, isFolded = !0) {
  return { title, language, text, isFolded };
}
var DESPITE_MATCH, init_exchange_refusal = __esm({
  "src/diagnosis/exchange-refusal.ts"() {
    "use strict";
    init_action_error();
    init_response();
    init_claims();
    init_rule_comparison();
    init_subject_form();
    init_trust_template();
    DESPITE_MATCH = {
      OCI_NO_RULE_MATCHED: "so the trust does not hold it as given here (overwritten by a later PATCH, or quoted there), or the user that it names no longer exists",
      OCI_NOT_A_SERVICE_USER: "so only the user that it names is wrong",
      OCI_EXCHANGE_REJECTED: "so the rule is not the cause: check the trust (active, issuer), its client claim and its OAuth clients"
    };
  }
});

// src/renewal.ts
init_action_error();

// src/node/clock.ts
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};

// src/node/files.ts
init_action_error();

// src/node/directory-trust.ts
function unsafeReason({ platform, fs: fs3, uid }, directory) {
  let entry = fs3.lstatSync(directory, { throwIfNoEntry: !1 });
  if (entry === void 0) return;
  let isPosix = platform !== "win32";
  if (entry.isSymbolicLink() && !(isPosix && entry.uid === 0 && uid !== 0))
    return "should be a directory but is a link";
  let stats = fs3.statSync(directory);
  if (!stats.isDirectory()) return "should be a directory but is not";
  if (!isPosix) return;
  let mode = stats.mode & 4095;
  if ((mode & 2) !== 0 && (mode & 512) === 0)
    return `can be written by every user of this machine (mode ${mode.toString(8)}). Run \`chmod go-w\` on it`;
  if (!(uid === 0 || stats.uid === uid || stats.uid === 0))
    return `belongs to user ${stats.uid}, but this job runs as user ${uid}. Run \`chown\` on it or choose another directory`;
}

// src/node/system.ts
init_action_error();
import fs from "node:fs";
var thisSystem = { platform: process.platform, fs, uid: process.getuid?.() }, FIRST_DELAY_MS = 10, RETRIES = 7, IN_USE = ["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"];
function retryWhileInUse({ platform }, action) {
  for (let retry2 = 0; ; retry2 += 1)
    try {
      return action();
    } catch (error) {
      if (platform !== "win32" || retry2 === RETRIES || !IN_USE.includes(codeOf(error) ?? "")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_DELAY_MS * 2 ** retry2);
    }
}
function codeOf(error) {
  return error.code;
}
function withFileErrors(path2, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (error instanceof ActionError || code === void 0) throw error;
    let actionCode = code === "ELOOP" || code === "EEXIST" ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE";
    throw new ActionError(actionCode, `${path2}: ${syscall ?? "access"} failed (${code}).`);
  }
}

// src/node/files.ts
var OWNER_FILE = 384, OWNER_DIRECTORY = 448, nodeFiles = createFiles(thisSystem);
function createFiles(system) {
  let { fs: fs3 } = system, kindOf = (path2) => kindFrom(fs3.lstatSync(path2, { throwIfNoEntry: !1 }));
  return {
    kind: (path2) => withFileErrors(path2, () => kindOf(path2)),
    state: (path2) => withFileErrors(path2, () => stateOf(system, path2)),
    unsafeReason: (directory) => withFileErrors(directory, () => unsafeReason(system, directory)),
    read: (path2) => withFileErrors(path2, () => read(system, path2)),
    list: (directory) => withFileErrors(directory, () => kindOf(directory) === "directory" ? fs3.readdirSync(directory) : []),
    makeDirectory: (path2) => withFileErrors(path2, () => fs3.mkdirSync(path2, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path2) => withFileErrors(path2, () => {
      try {
        fs3.mkdirSync(path2, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (kindOf(path2) !== "directory") throw error;
      }
    }),
    create: (path2, content) => withFileErrors(path2, () => writeNew(system, path2, content, OWNER_FILE)),
    replace: (path2, content, scratch, state) => withFileErrors(path2, () => {
      let mode = kindOf(path2) === "file" ? fs3.statSync(path2).mode & 511 : OWNER_FILE;
      replace(system, { path: path2, content, scratch, mode, state });
    }),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs3.renameSync(from, to))),
    remove: (path2) => withFileErrors(path2, () => remove(system, path2, !1)),
    removeTree: (path2) => withFileErrors(path2, () => remove(system, path2, !0)),
    removeIfEmpty: (directory) => withFileErrors(directory, () => {
      try {
        fs3.rmdirSync(directory);
      } catch (error) {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(codeOf(error) ?? "")) throw error;
      }
    })
  };
}
function kindFrom(stats) {
  return stats === void 0 ? "absent" : stats.isFile() ? "file" : stats.isDirectory() ? "directory" : stats.isSymbolicLink() ? "link" : "other";
}
var SECOND_NS = 1000000000n;
function stateOf({ fs: fs3 }, path2) {
  let stats = fs3.lstatSync(path2, { throwIfNoEntry: !1, bigint: !0 });
  if (stats === void 0)
    return { id: "absent", ageMs: Number.POSITIVE_INFINITY, quietMs: Number.POSITIVE_INFINITY };
  let { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats, now = systemClock.now(), ageMs = mtimeNs % SECOND_NS === 0n ? Number.POSITIVE_INFINITY : now - Number(mtimeMs);
  return { id: [ino, size, mtimeNs, ctimeNs].join(":"), ageMs, quietMs: now - Number(ctimeMs) };
}
function openNoFollow({ fs: fs3, platform }, path2, flags, mode) {
  if (platform !== "win32") return fs3.openSync(path2, flags | fs3.constants.O_NOFOLLOW, mode);
  if (fs3.lstatSync(path2, { throwIfNoEntry: !1 })?.isSymbolicLink())
    throw Object.assign(new Error("a link"), { code: "ELOOP", syscall: "open" });
  return fs3.openSync(path2, flags, mode);
}
function read(system, path2) {
  let { fs: fs3 } = system, descriptor = openNoFollow(system, path2, fs3.constants.O_RDONLY);
  try {
    return fs3.readFileSync(descriptor);
  } finally {
    fs3.closeSync(descriptor);
  }
}
function remove(system, path2, recursive) {
  retryWhileInUse(system, () => system.fs.rmSync(path2, { force: !0, recursive }));
}
function replace(system, { path: path2, content, scratch, mode, state }) {
  remove(system, scratch, !1);
  try {
    writeNew(system, scratch, content, mode);
    let second = Math.floor(systemClock.now() / 1e3);
    if (system.fs.utimesSync(scratch, second, second), state !== void 0 && stateOf(system, path2).id !== state)
      throw new Contention(`${path2} has been changed`);
    retryWhileInUse(system, () => system.fs.renameSync(scratch, path2));
  } catch (error) {
    throw remove(system, scratch, !1), error;
  }
}
function writeNew(system, path2, content, mode) {
  let { fs: fs3, platform } = system, { O_WRONLY, O_CREAT, O_EXCL } = fs3.constants, descriptor = openNoFollow(system, path2, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    platform !== "win32" && fs3.fchmodSync(descriptor, mode), fs3.writeFileSync(descriptor, content);
  } finally {
    fs3.closeSync(descriptor);
  }
}

// src/node/http.ts
init_transport_error();
import https from "node:https";
import tls from "node:tls";

// src/node/proxy-tunnel.ts
init_transport_error();
init_response();
function isCertificateError(code) {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|HOSTNAME_MISMATCH|ERR_SSL_)/.test(
    code
  );
}
function openTunnel({ url, authorization }, target, signal) {
  let { request } = process.getBuiltinModule(url.protocol === "https:" ? "node:https" : "node:http"), authority = `${target.hostname}:${target.port || "443"}`, headers = {
    host: authority,
    ...authorization && { "proxy-authorization": authorization.reveal() }
  };
  return new Promise((resolve, reject) => {
    let connect = request(url, { method: "CONNECT", path: authority, headers, agent: !1, signal });
    connect.once("error", (error) => reject(toTransportError(error, url))), connect.once("connect", ({ statusCode: status = 0 }, socket, head) => {
      if (status >= 200 && status < 300)
        return socket.unshift(head), resolve(socket);
      socket.destroy(), reject(refusal(status, url, authority));
    }), connect.end();
  });
}
function refusal(status, { host }, authority) {
  if (status === 407) {
    let text2 = `the proxy ${host} does not accept the credentials, or requires some (407)`;
    return new TransportError("proxy-refused", text2);
  }
  let text = `the proxy ${host} answered ${status} to CONNECT ${authority}`;
  return new TransportError(isRetryableStatus(status) ? "proxy-unreachable" : "proxy-refused", text);
}
function toTransportError(error, { host }) {
  let { code = "unknown", message } = error;
  if (isCertificateError(code)) {
    let text2 = `the TLS certificate of the proxy ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", text2);
  }
  let text = code === "ABORT_ERR" ? "did not respond in time" : `could not be used (${code})`;
  return new TransportError("proxy-unreachable", `the proxy ${host} ${text}`);
}

// src/node/retry.ts
init_transport_error();
init_response();
var TRANSIENT = ["unreachable", "timed-out", "proxy-unreachable"], USUAL = { baseMs: 500, maxMs: 2e4 }, RATE_LIMITED = { baseMs: 1e4, maxMs: 6e4 };
function parseRetryAfter(value, now) {
  if (value === void 0) return;
  if (/^\d+$/.test(value)) return Number(value) * 1e3;
  let stamp = / GMT$/.test(value) ? value : `${value} GMT`, date = /^[A-Z][a-z]{2},? /.test(value) ? Date.parse(stamp) : Number.NaN;
  return Number.isNaN(date) ? void 0 : Math.max(0, date - now);
}
function backOffMs(attempt, random, { baseMs, maxMs } = USUAL) {
  return Math.round(random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
}
async function retry({ policy, clock, log, random = Math.random }, { label, transientReason }, attempt) {
  let { maxAttempts, deadline } = policy;
  for (let number = 1; ; number += 1) {
    let outcome = await settle(attempt), reason = reasonToRepeat(outcome, transientReason);
    if (reason === void 0 || number >= maxAttempts) return conclude(outcome, number);
    let response = outcome instanceof TransportError ? void 0 : outcome.response, retryAfterMs = (response && parseRetryAfter(headerText(response, "retry-after"), clock.now())) ?? 0, waitMs = waitBefore(number, response?.status, retryAfterMs, random);
    if (clock.now() + waitMs >= deadline) {
      let seconds = Math.ceil(retryAfterMs / 1e3), why = retryAfterMs > 0 ? `the server asks to wait ${seconds} s` : "no time is left for another";
      return conclude(outcome, number, why);
    }
    let next = `attempt ${number + 1} of ${maxAttempts}`;
    log(`${label}: ${reason}; trying again in ${(waitMs / 1e3).toFixed(1)} s (${next})`), await clock.sleep(waitMs);
  }
}
async function settle(attempt) {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof TransportError && !error.outOfTime) return error;
    throw error;
  }
}
function reasonToRepeat(outcome, transientReason) {
  if (outcome instanceof TransportError)
    return TRANSIENT.includes(outcome.failure) ? outcome.message : void 0;
  let { response } = outcome;
  return isRetryableStatus(response.status) ? `status ${response.status}` : transientReason?.(response);
}
function waitBefore(attempt, status, retryAfterMs, random) {
  return status === 429 ? retryAfterMs + backOffMs(attempt, random, RATE_LIMITED) : Math.max(retryAfterMs, backOffMs(attempt, random));
}
function conclude(outcome, number, whyStopped) {
  let count = `${number} ${number === 1 ? "attempt" : "attempts"}`, attempts = whyStopped === void 0 ? count : `${count}, ${whyStopped}`;
  if (!(outcome instanceof TransportError))
    return { ...outcome, response: { ...outcome.response, attempts } };
  let { failure, message } = outcome;
  throw new TransportError(failure, `${message} (${attempts})`, whyStopped !== void 0);
}

// src/node/trace.ts
init_transport_error();
init_response();
var REQUEST_ID_HEADERS = ["x-github-request-id", "opc-request-id", "x-oracle-dms-ecid", "x-amzn-requestid"];
function traceLine({ method, url }, outcome, milliseconds) {
  let [what, requestId] = outcome instanceof TransportError ? [outcome.failure] : [outcome.status, requestIdFrom(outcome, ...REQUEST_ID_HEADERS)];
  return `${method} ${url.host} ${url.pathname}: ${what} in ${milliseconds} ms, request id ${requestId ?? "(none)"}`;
}

// src/node/http.ts
var MAX_BODY_BYTES = 1024 * 1024;
function createHttp({ policy, clock, log, trace, proxyFor }) {
  let preconnected = /* @__PURE__ */ new Set(), takePreconnected = ({ origin }) => {
    let connection = [...preconnected].find((one) => one.origin === origin);
    return connection !== void 0 && preconnected.delete(connection), connection?.socket;
  };
  return {
    preconnect(url) {
      if (url.protocol !== "https:" || proxyFor(url) !== void 0) return;
      let connection = { origin: url.origin, socket: connectTls(url) };
      preconnected.add(connection);
      let forget = () => preconnected.delete(connection);
      connection.socket.once("error", forget).once("close", forget).unref();
    },
    async send(request, { timeoutMs: timeoutMs2 = policy.requestTimeoutMs } = {}) {
      let began = clock.now(), timeLeft = policy.deadline - began;
      if (timeLeft <= 0) throw new TransportError("timed-out", "the time of the step is used up", !0);
      let limitMs = Math.min(timeoutMs2, policy.requestTimeoutMs, timeLeft), proxy = proxyFor(request.url), socket = proxy ? void 0 : takePreconnected(request.url), outcome = await sendOnce(request, limitMs, { proxy, socket }).catch(
        (error) => error
      );
      if (trace?.(traceLine(request, outcome, clock.now() - began)), outcome instanceof TransportError) throw outcome;
      return outcome;
    },
    retry: (call, attempt) => retry({ policy, clock, log }, call, attempt)
  };
}
function connectTls(url, tunnel) {
  let host = url.hostname.replace(/^\[|\]$/g, ""), servername = /^[\d.]+$|:/.test(host) ? void 0 : host, transport = tunnel === void 0 ? { port: Number(url.port || 443) } : { socket: tunnel };
  return tls.connect({ ...transport, host, ALPNProtocols: ["http/1.1"], ...servername && { servername } });
}
function agentFor(socket) {
  return socket === void 0 ? !1 : Object.assign(new https.Agent(), { createConnection: () => socket.ref() });
}
async function sendOnce(request, timeoutMs2, { proxy, socket } = {}) {
  let { url } = request, limit = new AbortController(), timer = setTimeout(() => limit.abort(), timeoutMs2);
  try {
    let connection = proxy ? connectTls(url, await openTunnel(proxy, url, limit.signal)) : socket;
    return await exchange(request, connection, limit.signal);
  } catch (error) {
    let { failure, message } = toTransportError2(error, url, limit.signal.aborted ? timeoutMs2 : void 0), route = proxy && !failure.startsWith("proxy-") ? `, through the proxy ${proxy.url.host}` : "";
    throw new TransportError(failure, `${message}${route}`);
  } finally {
    clearTimeout(timer);
  }
}
function exchange({ url, method, body, ...request }, socket, signal) {
  let headers = { "user-agent": "oci-wif-action", ...request.headers };
  return new Promise((resolve, reject) => {
    let { request: open } = url.protocol === "http:" ? process.getBuiltinModule("node:http") : https, outgoing = open(url, { method, headers, agent: agentFor(socket), signal }), fail = (error) => {
      outgoing.destroy(), reject(error);
    };
    outgoing.on("error", fail), outgoing.once("response", (incoming) => {
      let { statusCode: status = 0, headers: headers2 } = incoming;
      readBody(incoming).then((text) => resolve({ status, headers: headers2, text }), fail);
    }), outgoing.end(body);
  });
}
async function readBody(incoming) {
  if ((incoming.headers["content-encoding"] ?? "identity") !== "identity")
    throw new TransportError("unusable", "the response is compressed, which was not requested");
  let chunks = [], size = 0;
  for await (let chunk of incoming) {
    if (size += chunk.length, size > MAX_BODY_BYTES)
      throw new TransportError("unusable", `the response is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
function toTransportError2(error, { host }, timeoutMs2) {
  if (error instanceof TransportError) return error;
  let { code = "unknown", message } = error;
  if (timeoutMs2 !== void 0)
    return new TransportError("timed-out", `no complete response from ${host} within ${timeoutMs2 / 1e3} s`);
  if (isCertificateError(code)) {
    let text2 = `the TLS certificate of ${host} was not accepted (${code}: ${message})`;
    return new TransportError("untrusted", text2);
  }
  let text = code === "ENOTFOUND" ? `the host ${host} was not found` : `the connection to ${host} failed`;
  return new TransportError("unreachable", `${text} (${code})`);
}

// src/node/lock.ts
init_action_error();
import crypto2 from "node:crypto";
import path from "node:path";
var TIMEOUT_MS = 3e4, STALE_AFTER_MS = 6e4, MAX_DELAY_MS = 40;
function createLock(clock, system = thisSystem) {
  return {
    async hold(target, prepare, work) {
      let deadline = clock.now() + TIMEOUT_MS, reason = `${target} was locked by other processes`, lockFile = newLockFile(system, target);
      for (; clock.now() < deadline; ) {
        if (prepare(), acquire(system, target, lockFile, clock))
          try {
            return work();
          } catch (error) {
            if (!(error instanceof Contention)) throw error;
            reason = `${error.message} repeatedly`;
          } finally {
            release(system, lockFile);
          }
        await clock.sleep(1 + Math.random() * MAX_DELAY_MS);
      }
      throw new ActionError("CONFIG_LOCKED", `${reason}, for ${TIMEOUT_MS / 1e3} s.`);
    }
  };
}
function acquire(system, target, lockFile, clock) {
  return activeLockFiles(system, target, clock).length > 0 || !createLockFile(system, lockFile) ? !1 : activeLockFiles(system, target, clock).every((name) => name === path.basename(lockFile)) ? !0 : (release(system, lockFile), !1);
}
function createLockFile(system, lockFile) {
  let { fs: fs3 } = system;
  return withFileErrors(path.dirname(lockFile), () => {
    try {
      return fs3.closeSync(retryWhileInUse(system, () => fs3.openSync(lockFile, "wx", 384))), !0;
    } catch (error) {
      if (codeOf(error) === "ENOENT") return !1;
      throw error;
    }
  });
}
function release(system, lockFile) {
  withFileErrors(lockFile, () => retryWhileInUse(system, () => system.fs.rmSync(lockFile, { force: !0 })));
}
function lockFilePrefix(target) {
  return `.${path.basename(target)}.lock-`;
}
function newLockFile(system, target) {
  let unique = `${process.pid}-${pidNamespace(system)}-${crypto2.randomBytes(8).toString("hex")}`;
  return path.join(path.dirname(target), `${lockFilePrefix(target)}${unique}`);
}
function activeLockFiles(system, target, clock) {
  let directory = path.dirname(target);
  return entriesOf(system, directory).filter((name) => name.startsWith(lockFilePrefix(target))).filter((name) => isActive(system, path.join(directory, name), clock) ? !0 : (release(system, path.join(directory, name)), !1));
}
function entriesOf(system, directory) {
  return withFileErrors(directory, () => {
    try {
      return retryWhileInUse(system, () => system.fs.readdirSync(directory));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  });
}
function isActive(system, lockFile, clock) {
  let stats = withFileErrors(
    lockFile,
    () => retryWhileInUse(system, () => system.fs.lstatSync(lockFile, { throwIfNoEntry: !1 }))
  );
  if (stats === void 0 || clock.now() - stats.mtimeMs > STALE_AFTER_MS) return !1;
  let [pid = "", namespace] = path.basename(lockFile).split("lock-").at(-1)?.split("-") ?? [];
  if (namespace !== pidNamespace(system)) return !0;
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}
function pidNamespace({ platform, fs: fs3 }) {
  if (platform !== "linux") return "0";
  try {
    return fs3.readlinkSync("/proc/self/ns/pid").replace(/\D/g, "");
  } catch {
    return "0";
  }
}

// node_modules/@actions/http-client/lib/proxy.js
function checkBypass(reqUrl) {
  if (!reqUrl.hostname)
    return !1;
  let reqHost = reqUrl.hostname;
  if (isLoopbackAddress(reqHost))
    return !0;
  let noProxy = process.env.no_proxy || process.env.NO_PROXY || "";
  if (!noProxy)
    return !1;
  let reqPort;
  reqUrl.port ? reqPort = Number(reqUrl.port) : reqUrl.protocol === "http:" ? reqPort = 80 : reqUrl.protocol === "https:" && (reqPort = 443);
  let upperReqHosts = [reqUrl.hostname.toUpperCase()];
  typeof reqPort == "number" && upperReqHosts.push(`${upperReqHosts[0]}:${reqPort}`);
  for (let upperNoProxyItem of noProxy.split(",").map((x) => x.trim().toUpperCase()).filter((x) => x))
    if (upperNoProxyItem === "*" || upperReqHosts.some((x) => x === upperNoProxyItem || x.endsWith(`.${upperNoProxyItem}`) || upperNoProxyItem.startsWith(".") && x.endsWith(`${upperNoProxyItem}`)))
      return !0;
  return !1;
}
function isLoopbackAddress(host) {
  let hostLower = host.toLowerCase();
  return hostLower === "localhost" || hostLower.startsWith("127.") || hostLower.startsWith("[::1]") || hostLower.startsWith("[0:0:0:0:0:0:0:1]");
}

// src/node/proxy.ts
init_action_error();
init_secret();
function proxiesBy(mask) {
  let name = process.env.https_proxy ? "https_proxy" : "HTTPS_PROXY", value = process.env[name], proxy;
  return (url) => {
    if (!(url.protocol !== "https:" || !value || checkBypass(url)))
      return proxy ??= parse(name, value, mask), proxy;
  };
}
function parse(name, value, mask) {
  let address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new ActionError("PROXY_UNREACHABLE", `${name} holds no http:// or https:// address.`);
  let { origin, username, password } = new URL(address), [user, secret] = [decoded(username), decoded(password)];
  if (user === "" && secret === "") return { url: new URL(origin), authorization: void 0 };
  let basic = Buffer.from(`${user}:${secret}`).toString("base64");
  for (let form of [password, secret, basic]) form !== "" && mask(new Secret(form));
  return { url: new URL(origin), authorization: new Secret(`Basic ${basic}`) };
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/node/worker.ts
import fs2 from "node:fs";
var INSTRUCTIONS = 3;
function readInstructions(descriptor = 0) {
  return fs2.readFileSync(descriptor, "utf8");
}
function put(text) {
  fs2.writeSync(1, text);
}

// node_modules/jose/dist/webapi/lib/buffer_utils.js
var encoder = new TextEncoder(), decoder = new TextDecoder(), strictDecoder = new TextDecoder("utf-8", { fatal: !0 }), UINT32_RANGE = 2 ** 32;
function decodeBase64(encoded, url = !1) {
  if (Uint8Array.fromBase64)
    return Uint8Array.fromBase64(encoded, { alphabet: url ? "base64url" : "base64" });
  if (url) {
    if (encoded.includes("+") || encoded.includes("/"))
      throw new TypeError("Invalid base64url");
    encoded = encoded.replace(/-/g, "+").replace(/_/g, "/");
  }
  let binary = atob(encoded), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++)
    bytes[i] = binary.charCodeAt(i);
  return bytes;
}

// node_modules/jose/dist/webapi/util/errors.js
var JOSEError = class extends Error {
  static code = "ERR_JOSE_GENERIC";
  code = "ERR_JOSE_GENERIC";
  constructor(message, options) {
    super(message, options), this.name = this.constructor.name, Error.captureStackTrace?.(this, this.constructor);
  }
};
var JWTInvalid = class extends JOSEError {
  static code = "ERR_JWT_INVALID";
  code = "ERR_JWT_INVALID";
};

// node_modules/jose/dist/webapi/util/base64url.js
var invalid = "The input to be decoded is not correctly encoded.";
function decode(input) {
  try {
    return decodeBase64(typeof input == "string" ? input : decoder.decode(input), !0);
  } catch (cause) {
    throw new TypeError(invalid, { cause });
  }
}

// node_modules/jose/dist/webapi/lib/validate.js
function isObject(input) {
  if (typeof input != "object" || input === null || Object.prototype.toString.call(input) !== "[object Object]")
    return !1;
  let prototype = Object.getPrototypeOf(input);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
function parseJoseHeader(encodedProtectedHeader, ErrorClass, message) {
  let parsed;
  try {
    parsed = JSON.parse(strictDecoder.decode(decode(encodedProtectedHeader)));
  } catch (cause) {
    throw new ErrorClass(message, { cause });
  }
  if (!isObject(parsed))
    throw new ErrorClass(message);
  return parsed;
}

// node_modules/jose/dist/webapi/util/decode_protected_header.js
function decodeProtectedHeader(token) {
  let encodedProtectedHeader;
  if (typeof token == "string") {
    let parts = token.split(".");
    (parts.length === 3 || parts.length === 5) && ([encodedProtectedHeader] = parts);
  } else if (typeof token == "object" && token)
    if ("protected" in token)
      encodedProtectedHeader = token.protected;
    else
      throw new TypeError("Token does not contain a Protected Header");
  let invalid2 = "Invalid Token or Protected Header formatting";
  if (typeof encodedProtectedHeader != "string" || !encodedProtectedHeader)
    throw new TypeError(invalid2);
  return parseJoseHeader(encodedProtectedHeader, TypeError, invalid2);
}

// node_modules/jose/dist/webapi/util/decode_jwt.js
function decodeJwt(jwt) {
  if (typeof jwt != "string")
    throw new JWTInvalid("JWTs must use Compact JWS serialization, JWT must be a string");
  let { 1: encodedPayload, length } = jwt.split(".");
  if (length === 5)
    throw new JWTInvalid("Only JWTs using Compact JWS serialization can be decoded");
  if (length !== 3)
    throw new JWTInvalid("Invalid JWT");
  if (!encodedPayload)
    throw new JWTInvalid("JWTs must contain a payload");
  let claimsSetBytes;
  try {
    claimsSetBytes = decode(encodedPayload);
  } catch (cause) {
    throw new JWTInvalid("Failed to base64url decode the payload", { cause });
  }
  let claimsSet;
  try {
    claimsSet = JSON.parse(strictDecoder.decode(claimsSetBytes));
  } catch (cause) {
    throw new JWTInvalid("Failed to parse the decoded payload as JSON", { cause });
  }
  if (!isObject(claimsSet))
    throw new JWTInvalid("Invalid JWT Claims Set");
  return claimsSet;
}

// src/aws/web-identity.ts
init_action_error();
init_response();
var SHARED_ISSUER = "https://identity.oraclecloud.com/";
function readWebIdentity(token, { domainUrl, audience, now }) {
  let claims = decodeAccessToken(token), issuer = assertIssuer(claims, domainUrl);
  return assertAudience(claims, audience), { token, issuer, audience, ...currentSubject(claims, now), keyId: claims.kid };
}
function decodeAccessToken(token) {
  try {
    return { ...decodeJwt(token.reveal()), kid: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token is no JWT.");
  }
}
function assertIssuer({ iss }, { origin }) {
  if (iss === origin) return iss;
  let why = iss === SHARED_ISSUER ? ", the default that all tenancies share" : "", text = `The token's issuer is ${show(iss)}${why}; AWS needs ${origin}.`;
  throw new ActionError("AWS_ISSUER_UNUSABLE", text);
}
function assertAudience({ aud, azp }, audience) {
  let audiences = Array.isArray(aud) ? aud : [aud];
  if (audiences.length !== 1 || audiences[0] !== audience) {
    let text = `The token's audience is ${show(aud)}; \`aws-audience\` is ${show(audience)}.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", text);
  }
  if (azp !== void 0 && azp !== audience) {
    let text = `The token names ${show(azp)} as authorized party (\`azp\`), which AWS takes for the audience.`;
    throw new ActionError("AWS_AUDIENCE_MISMATCH", text);
  }
}
function currentSubject({ sub, exp }, now) {
  if (!isPrintable(sub) || !isTime(exp))
    throw new ActionError("OCI_RESPONSE_MALFORMED", "The domain's access token lacks `sub` or `exp`.");
  if (exp * 1e3 > now) return { subject: sub, expiresAt: exp * 1e3 };
  throw new ActionError("AWS_TOKEN_EXPIRED", "The domain's access token has expired already.");
}
function show(value) {
  return value === void 0 ? "(none)" : quote(JSON.stringify(value), []);
}

// src/aws/published-keys.ts
init_action_error();
init_transport_error();
init_response();

// src/login/aws-session.ts
init_sts_endpoint();

// src/diagnosis/service-failure.ts
init_action_error();
init_service_refusal();
init_transport_error();

// src/github/id-token.ts
init_action_error();
init_service_refusal();
init_response();
init_secret();
var USUAL_LIFETIME_MS = 5 * 6e4;
function idTokenRequest({ url, requestToken }, audience) {
  let withAudience = new URL(url);
  return withAudience.searchParams.set("audience", audience), {
    method: "GET",
    url: withAudience,
    headers: { accept: "application/json", authorization: `Bearer ${requestToken.reveal()}` }
  };
}
var ID_TOKEN_CALL = {
  label: "GitHub's OIDC token",
  /** In the first second of a job the service may not know yet that it runs, and answers 403. */
  transientReason: ({ status, text }) => status === 403 && /'(Pending|Delayed)' state/.test(text) ? "the job is not yet known to run" : void 0
};
function processIdTokenResponse(response) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "x-github-request-id");
  if (status >= 400) throw new ServiceRefusal("github", { status, requestId, attempts });
  let jwt = status === 200 ? parseObject(text)?.value : void 0;
  if (typeof jwt == "string" && jwt.split(".").length === 3) return new Secret(jwt);
  let what = status === 200 ? "a response without a token" : `status ${status}`;
  throw new ActionError("GITHUB_RESPONSE_MALFORMED", `GitHub's OIDC service sent ${what}.`, {
    status,
    requestId
  });
}
function readIdToken(jwt) {
  try {
    let payload = decodeJwt(jwt.reveal());
    if (!isTime(payload.exp)) throw new TypeError("no exp");
    let audience = payload.aud === void 0 ? {} : { aud: String(payload.aud) }, texts = Object.entries(payload).filter(
      (entry) => typeof entry[1] == "string"
    ), claims = { ...Object.fromEntries(texts), ...audience }, { exp, iat } = payload, lifetimeMs = isTime(iat) && iat < exp ? (exp - iat) * 1e3 : USUAL_LIFETIME_MS;
    return { jwt, expiresAt: exp * 1e3, lifetimeMs, claims };
  } catch {
    throw new ActionError(
      "GITHUB_RESPONSE_MALFORMED",
      "GitHub's OIDC service sent a token that cannot be read."
    );
  }
}
function expiryOf(requestToken) {
  try {
    let { exp } = decodeJwt(requestToken.reveal());
    return isTime(exp) ? exp * 1e3 : void 0;
  } catch {
    return;
  }
}

// src/oci/session-token.ts
init_action_error();
init_response();
var TENANCY_OCID = /^ocid1\.tenancy\.[a-z0-9.-]{1,200}$/, OCID = /^ocid1\.[a-z0-9._-]{1,250}$/i;
function parseSessionToken(token, kind, requestId) {
  let payload = decode2(token, requestId), { exp, nbf, iat, jti } = payload, principal = principalOf(payload, kind);
  if (!isTime(exp) || principal === void 0)
    throw malformed("The session token lacks a readable `exp` or `sub`.", requestId);
  let tenancy = payload.tenant ?? (kind === "resource" ? payload.res_tenant : void 0);
  if (typeof tenancy != "string" || !TENANCY_OCID.test(tenancy))
    throw malformed("The session token does not name its tenancy.", requestId);
  let start = nbf ?? iat;
  return {
    token,
    principal,
    tenancy,
    validFrom: isTime(start) ? start * 1e3 : void 0,
    expiresAt: exp * 1e3,
    tokenId: isPrintable(jti) ? jti : void 0,
    jwk: payload.jwk,
    requestId
  };
}
function principalOf({ sub }, kind) {
  if (typeof sub == "string")
    return kind === "resource" ? quote(sub, []) || void 0 : OCID.test(sub) ? sub : void 0;
}
function assertTenancy({ tenancy, requestId }, expected) {
  if (expected === void 0 || expected === tenancy) return;
  let text = `The session is in tenancy ${tenancy}, not in ${expected}.`;
  throw new ActionError("UPST_TENANCY_MISMATCH", text, { requestId });
}
function assertBindsKey({ jwk, requestId }, { publicJwk }) {
  if (bindsKey(jwk, publicJwk)) return;
  let text = "The session token is bound to another key than that of this login.";
  throw new ActionError("UPST_KEY_MISMATCH", text, { requestId });
}
var CLOCK_TOLERANCE_MS = 5 * 6e4;
function assertCurrent({ validFrom = 0, expiresAt, requestId }, now, serverTime = now) {
  let isEarly = validFrom > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? validFrom : expiresAt, now].map((time) => new Date(time).toISOString()), text = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; this machine's clock says ${here}.`;
  throw new ActionError("UPST_EXPIRED", text, { requestId });
}
function malformed(text, requestId) {
  return new ActionError("OCI_RESPONSE_MALFORMED", text, { requestId });
}
function decode2(token, requestId) {
  try {
    if (token.reveal().split(".").length !== 3) throw new TypeError("not three parts");
    return decodeJwt(token.reveal());
  } catch {
    throw malformed("The domain issued a session token that is no JWT.", requestId);
  }
}
function bindsKey(claim, expected) {
  let jwk = typeof claim == "string" ? parseObject(claim) : claim;
  if (typeof jwk != "object" || jwk === null) return !1;
  let { n, e } = jwk;
  return isSameNumber(n, expected.n) && isSameNumber(e, expected.e);
}
function isSameNumber(actual, expected) {
  return typeof actual == "string" && toHex(actual) === toHex(expected);
}
function toHex(base64) {
  return Buffer.from(base64, "base64url").toString("hex").replace(/^(00)+/, "");
}

// src/diagnosis/service-failure.ts
init_response();
var SERVICES = {
  github: ["GitHub's OIDC service", "GITHUB_UNREACHABLE", "GITHUB_RESPONSE_MALFORMED"],
  domain: ["The domain", "OCI_DOMAIN_UNREACHABLE", "OCI_RESPONSE_MALFORMED"],
  "object-storage": ["Object Storage", "OCI_SERVICE_UNREACHABLE", "OCI_SERVICE_RESPONSE_MALFORMED"],
  sts: ["STS", "AWS_UNREACHABLE", "AWS_RESPONSE_MALFORMED"]
};
function explainTransport(error, service, action) {
  if (!(error instanceof TransportError)) return error;
  let [, unreachable, malformed3] = SERVICES[service], codes = {
    unreachable,
    "timed-out": unreachable,
    unusable: malformed3,
    untrusted: "TLS_UNTRUSTED",
    "proxy-unreachable": "PROXY_UNREACHABLE",
    "proxy-refused": "PROXY_REFUSED"
  }, { failure, message, outOfTime } = error;
  return new ActionError(outOfTime ? "DEADLINE_EXCEEDED" : codes[failure], `${action}: ${message}.`);
}
async function explainFailure(error, service, action, explainRefusal) {
  return error instanceof ServiceRefusal ? isRetryableStatus(error.status) ? unavailable(error) : explainRefusal(error) : explainTransport(error, service, action);
}
function unavailable({ service, status, text, requestId, attempts }) {
  let [name, unreachable] = SERVICES[service], details = `${attempts === void 0 ? "" : ` (${attempts})`}${text && `: ${text}`}`, code = service === "domain" && status === 429 ? "OCI_RATE_LIMITED" : unreachable;
  return new ActionError(code, `${name} answered ${status}${details}.`, { status, requestId });
}
function explainIdTokenRefusal({ status, requestId }, requestToken, now) {
  let text = `GitHub refused the job's OIDC token with status ${status}.`, isAboutRequestToken = status === 401 || status === 403, expiry = isAboutRequestToken ? expiryOf(requestToken) : void 0;
  if (expiry === void 0) {
    let hint2 = isAboutRequestToken ? " The expiry of the request token cannot be read from it." : "";
    return new ActionError("GITHUB_OIDC_REFUSED", `${text}${hint2}`, { status, requestId });
  }
  let [end, here] = [expiry, now].map((time) => new Date(time).toISOString());
  if (expiry > now) {
    let hint2 = `The request token is valid until ${end}; this machine's clock says ${here}, so its age is not the reason.`;
    return new ActionError("GITHUB_OIDC_REFUSED", `${text} ${hint2}`, { status, requestId });
  }
  let hint = `The job's request token expired at ${end}; this machine's clock says ${here}.`;
  return new ActionError("GITHUB_OIDC_EXPIRED", `${text} ${hint}`, {
    status,
    requestId,
    snippets: [SEPARATE_JOB]
  });
}
var SEPARATE_JOB = {
  title: "A separate job for the login, after the long one",
  language: "yaml",
  text: [
    "jobs:",
    "  work: # the steps that take hours, without the login",
    "    runs-on: ubuntu-latest",
    "  deploy:",
    "    needs: work",
    "    runs-on: ubuntu-latest",
    "    permissions:",
    "      id-token: write",
    "      contents: read"
  ].join(`
`),
  isFolded: !1
};
function explainAccessTokenRefusal({ code, text, status, requestId }, scope) {
  let codes = /* @__PURE__ */ new Map([
    ["invalid_client", "OCI_CLIENT_REJECTED"],
    ["invalid_scope", "OCI_SCOPE_REFUSED"]
  ]), message = `The domain refused an access token for scope ${JSON.stringify(scope)} (${status}): ${text || "no reason given"}.`;
  return new ActionError(codes.get(code) ?? "OCI_ACCESS_TOKEN_REFUSED", message, { status, requestId });
}

// src/diagnosis/sts-refusal.ts
init_action_error();

// src/oci/token-endpoint.ts
init_action_error();
init_service_refusal();
init_response();
init_secret();
function tokenExchangeRequest(endpoint, { subjectToken, publicKeyBase64, resource }) {
  return tokenRequest(endpoint, {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    subject_token_type: "jwt",
    // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
    ...resource && { res_type: resource.type },
    // OCI's examples count it in seconds, the Java SDK's documentation in minutes: the granted lifetime must be read.
    ...resource?.lifetimeSeconds && { rpst_exp: String(resource.lifetimeSeconds) }
  });
}
function processTokenExchangeResponse(response, client, subjectToken) {
  let { members, ...details } = processTokenResponse(response, client, [subjectToken]), token = members.token ?? members.access_token;
  if (typeof token != "string" || token === "") throw malformed2("JSON without a token", response);
  return { token: new Secret(token), ...details };
}
function accessTokenRequest(endpoint, scope) {
  return tokenRequest(endpoint, { grant_type: "client_credentials", scope });
}
function processAccessTokenResponse(response, client) {
  let { members } = processTokenResponse(response, client, []), token = members.access_token;
  if (typeof token == "string" && token.split(".").length === 3) return new Secret(token);
  throw malformed2("JSON without an access token in the form of a JWT", response);
}
function tokenRequest({ domainUrl, client }, form) {
  let body = new URLSearchParams(form).toString();
  return {
    method: "POST",
    url: new URL("/oauth2/v1/token", domainUrl),
    headers: {
      accept: "application/json",
      authorization: `Basic ${client.basic.reveal()}`,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(Buffer.byteLength(body))
    },
    body
  };
}
function processTokenResponse(response, client, secrets) {
  let { status, text, attempts } = response, requestId = requestIdOf(response), serverTime = serverTimeOf(response);
  if (isRetryableStatus(status)) throw new ServiceRefusal("domain", { status, requestId, attempts });
  if (status !== 200 && status < 400) throw malformed2(describeStatus(status), response);
  if (status === 404) throw malformed2("status 404: there is no token endpoint at this address", response);
  let members = parseObject(text);
  if (members === void 0) throw malformed2(`status ${status} and a body that is no JSON object`, response);
  if (status === 200) return { members, requestId, serverTime };
  let code = toText(members.error ?? ""), description = toText(members.error_description ?? members.detail ?? ""), words = [code, description].filter((part2) => part2 !== "").join(": "), sent = [...secrets, client.clientSecret, client.basic];
  throw new ServiceRefusal("domain", { status, code, text: quote(words, sent), requestId, attempts });
}
function malformed2(what, response) {
  let { status } = response, requestId = requestIdOf(response);
  return new ActionError("OCI_RESPONSE_MALFORMED", `The domain answered with ${what}.`, {
    status,
    requestId
  });
}
function requestIdOf(response) {
  return requestIdFrom(response, "opc-request-id", "x-oracle-dms-ecid");
}

// src/login/aws-session.ts
async function requestAccessToken({ runner, http: http2 }, endpoint, scope) {
  let label = "the access token for AWS";
  try {
    let request = accessTokenRequest(endpoint, scope), { response } = await http2.retry({ label }, async () => ({ response: await http2.send(request) })), token = processAccessTokenResponse(response, endpoint.client);
    return runner.mask(token), token;
  } catch (error) {
    throw await explainFailure(
      error,
      "domain",
      `Requesting ${label}`,
      (refusal2) => explainAccessTokenRefusal(refusal2, scope)
    );
  }
}

// src/oci/namespace.ts
init_action_error();
init_service_refusal();
init_response();
var DOMAINS = new Map([
  ["oc1", "oraclecloud.com"],
  ["oc2", "oraclegovcloud.com"],
  ["oc3", "oraclegovcloud.com"],
  ["oc4", "oraclegovcloud.uk"],
  ["oc19", "oraclecloud.eu"],
  ...[8, 9, 10, 14, 15, 20, 21, 23, 24, 26, 29, 35, 42, 51, 52].map(
    (number) => [`oc${number}`, `oraclecloud${number}.com`]
  )
]);

// src/login/oci-session.ts
var MINUTE_MS = 6e4;
async function requestIdToken({ runner, http: http2, clock }, source, audience) {
  try {
    let request = idTokenRequest(source, audience), { response } = await http2.retry(ID_TOKEN_CALL, async () => ({
      response: await http2.send(request)
    })), jwt = processIdTokenResponse(response);
    return runner.mask(jwt), readIdToken(jwt);
  } catch (error) {
    throw await explainFailure(
      error,
      "github",
      "Requesting the job's token",
      (refusal2) => explainIdTokenRefusal(refusal2, source.requestToken, clock.now())
    );
  }
}
async function exchangeToken(deps, config, { source, first, publicKey: { publicKeyBase64 } }) {
  let { runner, http: http2, clock } = deps, { client, oci } = config, action = "Requesting the session token", { response, idToken } = await http2.retry({ label: "the session token" }, async () => {
    let idToken2 = first.expiresAt - clock.now() >= MINUTE_MS ? first : await requestIdToken(deps, source, oci.audience), exchange2 = { subjectToken: idToken2.jwt, publicKeyBase64, resource: oci.resource };
    return { idToken: idToken2, response: await http2.send(tokenExchangeRequest(config, exchange2)) };
  }).catch((error) => {
    throw explainTransport(error, "domain", action);
  });
  try {
    let exchanged = processTokenExchangeResponse(response, client, idToken.jwt);
    return runner.mask(exchanged.token), { ...exchanged, idToken };
  } catch (error) {
    throw await explainFailure(error, "domain", action, async (refusal2) => {
      let { explainExchangeRefusal: explainExchangeRefusal2 } = await Promise.resolve().then(() => (init_exchange_refusal(), exchange_refusal_exports));
      return explainExchangeRefusal2(refusal2, { ...config, idToken });
    });
  }
}
async function requestSessionToken(deps, config, source, key) {
  let [first, publicKey] = await Promise.all([requestIdToken(deps, source, config.oci.audience), key]), exchanged = await exchangeToken(deps, config, { source, first, publicKey }), sessionToken = parseSessionToken(exchanged.token, principalKind(config.oci), exchanged.requestId);
  return assertCurrent(sessionToken, deps.clock.now(), exchanged.serverTime), assertTenancy(sessionToken, config.oci.tenancy), assertBindsKey(sessionToken, publicKey), { ...exchanged, sessionToken };
}
function principalKind({ resource }) {
  return resource === void 0 ? "user" : "resource";
}

// src/oci/key-pair.ts
init_secret();
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair
} from "node:crypto";
function readKeyPair(privateKeyPem) {
  try {
    let privateKey = createPrivateKey(privateKeyPem.reveal());
    return describeKeyPair(createPublicKey(privateKey), privateKey);
  } catch {
    return;
  }
}
function describeKeyPair(publicKey, privateKey) {
  let der = publicKey.export({ type: "spki", format: "der" }), { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return {
    privateKeyPem: new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    publicKeyBase64: der.toString("base64"),
    publicJwk: { n, e },
    fingerprint: fingerprintOf(der)
  };
}
function fingerprintOf(der) {
  return createHash("md5").update(der).digest("hex").replace(/(..)(?=.)/g, "$1:");
}

// src/profiles/session-files.ts
init_secret();

// src/profiles/ini-text.ts
var OWN_COMMENT = "# oci-wif-action session ";

// src/profiles/section-target.ts
init_response();
var MARKER = new RegExp(`^${OWN_COMMENT}([0-9a-f]+) of job ([0-9a-f]+)`, "m");

// src/profiles/session-files.ts
async function replaceToken({ files, lock }, { file, keyFile, lock: locked }, token, publicKeyBase64) {
  let replace2 = () => readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64 ? !1 : (putFile(files, file, token), !0);
  return locked === null ? replace2() : lock.hold(locked, () => {
  }, replace2);
}
function putFile(files, file, content) {
  files.kind(file) === "absent" ? files.create(file, content.reveal()) : files.replace(file, Buffer.from(content.reveal()), `${file}~`);
}
function readKeyFile(files, file) {
  let pem = readSecret(files, file);
  return pem && readKeyPair(pem);
}
function readSecret(files, file) {
  if (files.kind(file) === "file")
    return new Secret(Buffer.from(files.read(file)).toString("utf8"));
}

// src/refresh/renew.ts
var nobody = { mask: () => {
} };
async function renew(parts, order2, name) {
  let { session, "id-token": idToken, "access-token": accessToken } = order2.charges, { identity } = order2;
  if (name === "session" && session && identity) return renewSession(parts, { ...order2, identity }, session);
  if (name === "id-token" && idToken && identity) return renewIdToken(parts, { ...order2, identity }, idToken);
  if (name === "access-token" && accessToken) return renewAccessToken(parts, order2, accessToken);
  throw new TypeError(`nothing of that name is to be renewed: ${name}`);
}
async function renewSession({ http: http2, disk }, { identity, domainUrl }, { config, client, publicKey, tokenFiles }) {
  let { clock } = disk, parts = { http: http2, clock, runner: nobody }, issuedAt = clock.now(), login = { domainUrl, client, oci: config }, { sessionToken } = await requestSessionToken(parts, login, identity, publicKey), outcomes = [];
  for (let one of tokenFiles)
    outcomes.push(await replaceToken(disk, one, sessionToken.token, publicKey.publicKeyBase64));
  let { expiresAt, principal, requestId } = sessionToken, taken = outcomes.includes(!1) ? " Another session has taken its place; its token stays." : "", text = `The session of ${principal} was renewed until ${iso(expiresAt)}, request id ${requestId ?? "(none given)"}.${taken}`;
  return { term: { issuedAt, expiresAt }, text };
}
async function renewIdToken({ http: http2, disk }, { identity, audience }, { file }) {
  let issuedAt = disk.clock.now(), parts = { http: http2, clock: disk.clock, runner: nobody }, { jwt, lifetimeMs } = await requestIdToken(parts, identity, audience);
  putFile(disk.files, file, jwt);
  let expiresAt = issuedAt + lifetimeMs;
  return {
    term: { issuedAt, expiresAt },
    text: `The job's token in a file was renewed until ${iso(expiresAt)}.`
  };
}
async function renewAccessToken({ http: http2, disk }, { domainUrl }, { file, client, scope, audience }) {
  let issuedAt = disk.clock.now(), token = await requestAccessToken(
    { http: http2, clock: disk.clock, runner: nobody },
    { domainUrl, client },
    scope
  ), { expiresAt } = readWebIdentity(token, { domainUrl, audience, now: disk.clock.now() });
  return putFile(disk.files, file, token), {
    term: { issuedAt, expiresAt },
    text: `The access token for AWS was renewed until ${iso(expiresAt)}.`
  };
}
function iso(time) {
  return new Date(time).toISOString();
}

// src/refresh/result.ts
init_response();
function resultLine(said) {
  return `${JSON.stringify(said)}
`;
}

// src/inputs/client-credentials.ts
init_secret();
function toClientCredentials(clientId, clientSecret) {
  let basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, "utf8").toString("base64");
  return { clientId, clientSecret, basic: new Secret(basic) };
}

// src/refresh/spec.ts
init_response();
init_secret();
function readOrder(text) {
  let order2 = parseObject(text);
  if (order2 === void 0) throw new TypeError("no order");
  let { session, "access-token": accessToken, ...others } = order2.charges;
  return {
    ...order2,
    identity: order2.identity && {
      url: new URL(order2.identity.url),
      requestToken: new Secret(String(order2.identity.requestToken))
    },
    domainUrl: new URL(order2.domainUrl),
    charges: {
      ...others,
      ...session && { session: wrapped(session) },
      ...accessToken && { "access-token": wrapped(accessToken) }
    }
  };
}
function wrapped(charge) {
  let { clientId, clientSecret } = charge.client;
  return { ...charge, client: toClientCredentials(clientId, new Secret(String(clientSecret))) };
}

// src/renewal.ts
var order = readOrder(readInstructions(INSTRUCTIONS)), { timeoutMs, ...limits } = order.policy, http = createHttp({
  policy: { ...limits, deadline: systemClock.now() + timeoutMs },
  clock: systemClock,
  log: (text) => put(resultLine({ log: text })),
  proxyFor: proxiesBy(() => {
  })
  // what it would mask does not come out here
});
try {
  let disk = { files: nodeFiles, clock: systemClock, lock: createLock(systemClock) };
  put(resultLine(await renew({ http, disk }, order, process.argv[2])));
} catch (error) {
  let { code, message, requestId } = toActionError(error), id = requestId === void 0 ? "" : ` Request id: ${requestId}.`;
  put(resultLine({ text: `${code}: ${message}${id}` }));
}
