import {
  escapeMarkup,
  literal,
  snippetLines,
  tableOf
} from "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import {
  githubRunner,
  isDebug,
  reportError,
  setOutput
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/errors/aws-codes.ts
var OF_AWS = {
  AWS_ISSUER_UNUSABLE: {
    happened: "The access token, or the domain's discovery document, names an issuer that AWS cannot look up.",
    causes: [
      "The domain still has the default issuer, `https://identity.oraclecloud.com/`, which all tenancies share.",
      "The issuer was entered with `:443` or a slash at the end.",
      "`domain-url` names the domain in another way than its issuer does."
    ]
  },
  AWS_AUDIENCE_MISMATCH: {
    happened: "The access token does not have exactly the audience in `aws-audience`.",
    causes: [
      "The resource server has another primary audience; `sts.amazon.com` and `sts.amazonaws.com` are easily confused.",
      "Scopes of several resource servers, and so several audiences.",
      "The token has a claim `azp`, which AWS takes in place of the audience."
    ]
  },
  AWS_SIGNING_KEYS_HIDDEN: {
    happened: "Without credentials, which AWS does not have, the keys that sign the access token cannot be read.",
    causes: [
      'The domain setting "Configure client access" is off, as it is at first.',
      "The signing key has just been rotated and is not published yet."
    ]
  },
  AWS_TOKEN_EXPIRED: {
    happened: "The access token was too old, by the clock of the runner or that of AWS.",
    causes: [
      "The runner's clock is wrong.",
      "A very short lifetime of access tokens in the settings of the application or the resource server."
    ]
  },
  AWS_ACCESS_DENIED: {
    happened: "STS knows the domain, but the role does not let this token in, or there is no such role.",
    causes: [
      "The `sub` in the role's trust policy is another client id.",
      "The `aud` in it is another.",
      "The name or the account in `aws-role-arn` is wrong: a role that does not exist looks the same.",
      "The role or its policy was made a moment ago.",
      "A policy of the organisation forbids it, or the token carries tags or a source identity and the role does not allow `sts:TagSession` or `sts:SetSourceIdentity`."
    ]
  },
  AWS_IDENTITY_TOKEN_INVALID: {
    happened: "STS does not accept the token as one of a provider that the account knows; its own text tells which of these.",
    causes: [
      'No IAM OIDC provider with exactly this issuer in the account of the role ("No OpenIDConnect provider found").',
      'The audience is not in the client id list of the provider ("Incorrect token audience").',
      `AWS could not fetch the keys, often only for a moment ("Couldn't retrieve verification key").`,
      `The provider has an outdated thumbprint list ("certificate doesn't match configured thumbprint").`
    ]
  },
  AWS_POLICY_MALFORMED: {
    happened: "STS cannot read the session policy.",
    causes: [
      "An element that IAM does not know, or one that is missing.",
      "YAML has folded or changed the text: a literal block (`|`) keeps it."
    ]
  },
  AWS_POLICY_TOO_LARGE: {
    happened: "The session policies are too large once AWS has packed them.",
    causes: [
      "A long `aws-session-policy`.",
      "Many managed policies.",
      "Tags that the token carries, which count too."
    ]
  },
  AWS_REQUEST_INVALID: {
    happened: "STS finds a parameter wrong; its own text names it.",
    causes: [
      "`aws-role-duration-seconds` above the maximum session duration of the role, which is an hour at first.",
      "A region that is not enabled for the account, or in which STS is turned off.",
      "An `aws-sts-endpoint` of another partition or service."
    ]
  },
  AWS_IDP_UNREACHABLE: {
    happened: "STS could not reach the identity domain in any of the tries.",
    causes: [
      "A passing fault, or a domain that answers slowly.",
      "A network perimeter of the domain that does not let AWS in."
    ]
  },
  AWS_UNREACHABLE: {
    happened: "STS gave no usable answer in any of the tries: network, 5xx or throttling.",
    causes: [
      "No way out of the network of a self-hosted runner to the endpoint of the region.",
      "A mistyped `aws-region` or `aws-sts-endpoint`, whose host does not exist.",
      "Many jobs that assume roles in the account at once (`Throttling`).",
      "A passing fault of AWS."
    ]
  },
  AWS_RESPONSE_MALFORMED: {
    happened: "What answered in place of STS did not send whole credentials for the role.",
    causes: [
      "A proxy or captive portal answers with a page of its own.",
      "`aws-sts-endpoint` leads to something else than STS.",
      "The runner's clock is ahead by hours, so that fresh credentials look expired."
    ]
  },
  AWS_ACCOUNT_NOT_ALLOWED: {
    happened: "The session is in an account that `aws-allowed-account-ids` does not list, so it was thrown away.",
    causes: [
      "What answers at `aws-sts-endpoint` is not STS, such as a gateway or test double: it has answered for another account than that of `aws-role-arn`."
    ]
  }
};

// src/errors/domain-codes.ts
var OF_THE_DOMAIN = {
  OCI_DOMAIN_UNREACHABLE: {
    happened: "The identity domain gave no usable answer in any of the tries.",
    causes: [
      "A mistyped host in `domain-url`, or a domain that has been deleted.",
      "A firewall between a self-hosted runner and the domain.",
      "A passing fault of the domain (5xx), which also shows when it cannot fetch the keys of the token issuer."
    ]
  },
  OCI_CLIENT_REJECTED: {
    happened: "The identity domain does not accept the application (`invalid_client`).",
    causes: [
      "A wrong `client-id` or `client-secret`, or a secret that was regenerated after it was stored.",
      "The application has not been activated.",
      "The application belongs to another domain than `domain-url`.",
      "For the access token for AWS: the same in `aws-client-id` and `aws-client-secret`."
    ]
  },
  OCI_NO_RULE_MATCHED: {
    happened: "The domain trusts the token, but none of the trust's impersonation rules fits it.",
    causes: [
      "Another kind of subject than the rule has: with `environment:` the job is that environment, not its branch; pull requests and tags have subjects of their own.",
      "The form with ids (`repo:OWNER@ID/REPO@ID:…`), the default of repositories created or renamed since 15 July 2026.",
      "The value of the rule stands in quotes.",
      "The rules were lost: an update of the list replaces all of it."
    ]
  },
  OCI_NOT_A_SERVICE_USER: {
    happened: "A rule matched, but the user it names is an ordinary user, whom nobody may impersonate.",
    causes: [
      "The user was created without `serviceUser: true`; some versions of the CLI drop it from the JSON.",
      "The rule holds the id of another user."
    ]
  },
  OCI_EXCHANGE_REJECTED: {
    happened: "The domain refused the exchange for another reason, which its own text gives if it gives one.",
    causes: [
      "The audience of the token is not among the values of the trust's client claim.",
      "The trust is not active, as every trust is at first, or the domain has none for this issuer.",
      "The application is not among the OAuth clients of the trust.",
      "The issuer differs: GitHub Enterprise Server and enterprises with an issuer of their own have another.",
      "The token's signature cannot be verified: the trust's public key endpoint is wrong.",
      "With `token-type: rpst`: the trust is for users, or its `impersonatingResource` is not the `resource-type`, or the token does not meet its `claimValidations`. The reverse: the trust is for resources and the login asks for a user.",
      "The token has expired on the way, or the clocks differ."
    ]
  },
  OCI_RATE_LIMITED: {
    happened: "The domain answered 429: too many tokens were asked of it in this second or minute.",
    causes: [
      "A wide matrix whose jobs all log in at once; a Free domain allows 10 a second and 150 a minute.",
      "Several logins in each job where one would do.",
      "Other programs use the same domain."
    ]
  },
  OCI_RESPONSE_MALFORMED: {
    happened: "What answered at `domain-url` did not answer as an identity domain's token endpoint does.",
    causes: [
      "The address is that of another service, such as the web console of OCI.",
      "A proxy or captive portal answers with a page of its own.",
      "An application for AWS whose access tokens are not JWTs, or lack a subject."
    ]
  },
  UPST_EXPIRED: {
    happened: "By the clock of the runner, the session token is over already or not yet valid.",
    causes: [
      "The runner's clock is wrong, as after a machine was suspended.",
      "Something between the runner and the domain answers with old tokens."
    ]
  },
  UPST_KEY_MISMATCH: {
    happened: "The session token is not bound to the key pair of this login, so it was thrown away.",
    causes: [
      "Something between the runner and the domain answers with the token of somebody else, such as a cache.",
      "The token names no key at all, as from a gateway or test double in place of the domain."
    ]
  },
  UPST_TENANCY_MISMATCH: {
    happened: "The login would have worked, in another tenancy than `tenancy` names.",
    causes: [
      "`domain-url` of another stage, such as test instead of production.",
      "A mistyped `tenancy`, or the OCID of a compartment."
    ]
  },
  OCI_SCOPE_REFUSED: {
    happened: "The domain does not give this application the scope in `aws-scope`.",
    causes: [
      "The domain wants the other form, bare or behind the primary audience.",
      "The scope is not among those that the application may ask for.",
      "The resource server is not active, or the scope is mistyped."
    ]
  },
  OCI_ACCESS_TOKEN_REFUSED: {
    happened: "The domain refused the access token for AWS for another reason, which its own text gives if it gives one.",
    causes: [
      'The application may not use the grant "client credentials".',
      "The resource server is not among what the application may ask for."
    ]
  }
};

// src/errors/verification-codes.ts
var OF_THE_VERIFICATION = {
  OCI_SESSION_REFUSED: {
    happened: "OCI does not accept a call that is signed with the session, although the domain has just issued it.",
    causes: [
      "A proxy or gateway on the way changes what is signed: the path, or the headers Host or Date.",
      "`verify-endpoint` is in another realm than the session, or is no service of OCI.",
      "The session has been revoked or its user deactivated in this very moment."
    ]
  },
  OCI_CLOCK_SKEWED: {
    happened: "The clocks of this machine and of OCI are more than five minutes apart, so that OCI refuses every call.",
    causes: [
      "A runner of your own without a time server, or one whose virtual machine was asleep.",
      "A time zone entered as if it were the time: the difference is then a number of whole hours."
    ]
  },
  OCI_NOT_AUTHORIZED: {
    happened: "OCI knows the session but does not let it read the namespace of Object Storage.",
    causes: [
      "The policy, the group or the membership of the service user was made minutes ago and does not count everywhere yet.",
      "No policy allows anything to a group of the service user.",
      "The policy names the group without its domain, as in 'MyDomain'/'deployers', or the group of another domain.",
      "With `token-type: rpst`: no policy for any-user has conditions that this job meets.",
      "The tenancy is not subscribed to `region`."
    ]
  },
  OCI_SERVICE_UNREACHABLE: {
    happened: "Object Storage gave no usable answer in any of the tries.",
    causes: [
      "The runner may reach the domain but not the services of the region: a firewall, or a network with private endpoints only.",
      "A mistyped `region` or `verify-endpoint`, whose host does not exist.",
      "A passing fault of the service, or too many calls at once (429)."
    ]
  },
  OCI_SERVICE_RESPONSE_MALFORMED: {
    happened: "Something answered in the place of Object Storage, or it answered with what is no namespace.",
    causes: [
      "`verify-endpoint` leads to another service.",
      "A captive portal or an intercepting proxy answers with a page or a redirect of its own."
    ]
  },
  OCI_REALM_UNKNOWN: {
    happened: "The realm in the tenancy's OCID is not among those whose hosts are known here, so nobody could be asked.",
    causes: ["A realm that is newer than this version, or a dedicated one."]
  }
};

// src/errors/codes.ts
var CATALOGUE = {
  ...OF_THE_DOMAIN,
  ...OF_THE_VERIFICATION,
  ...OF_AWS,
  INPUT_INVALID: {
    happened: "One or more inputs are missing, misspelt or contradict each other.",
    causes: [
      "A variable or secret that the workflow names does not exist here, so that the input is empty; an environment has its own.",
      "A run that gets no secrets: a pull request from a fork, or Dependabot, which has secrets of its own.",
      "A value that YAML has changed, such as an account number without quotes.",
      "Inputs that exclude or need one another, such as `aws-role-arn` without `aws-region`."
    ]
  },
  SESSION_TOO_SHORT: {
    happened: "The session that the domain issued ends earlier than `minimum-lifetime-seconds` allows. Nothing was written.",
    causes: [
      "More is asked for than a session lasts: that of a user an hour at most, that of a resource 20 minutes unless `rpst-lifetime-seconds` asks for more.",
      "The domain issues shorter sessions than usual.",
      "The clock of the machine runs ahead, so that less seems to be left."
    ]
  },
  REFRESHER_NOT_STARTED: {
    happened: "The process that was to keep the session fresh did not come up. The login was taken back.",
    causes: [
      "The machine has no memory or no process left for it.",
      "NODE_OPTIONS of the job holds something that Node refuses.",
      "A policy of the machine forbids processes that outlive their parent."
    ]
  },
  GITHUB_OIDC_UNAVAILABLE: {
    happened: "The job has nothing to ask GitHub for its identity with.",
    causes: [
      "The job lacks `permissions: id-token: write`; a list of permissions takes away all that it does not name.",
      "A reusable workflow whose caller does not grant the permission.",
      "A pull request from a fork, which never gets it, or a run of Dependabot, which gets it only if listed.",
      "Something overrides the runner's variables with an address that is not `https://`."
    ]
  },
  GITHUB_OIDC_REFUSED: {
    happened: "GitHub's OIDC service refused to issue a token to this job.",
    causes: [
      "The job was cancelled or has ended meanwhile.",
      "A step has replaced ACTIONS_ID_TOKEN_REQUEST_URL or ACTIONS_ID_TOKEN_REQUEST_TOKEN."
    ]
  },
  GITHUB_OIDC_EXPIRED: {
    happened: "The token by which the job may ask GitHub for its identity has expired.",
    causes: [
      "The job is older than about six hours, as a job on a self-hosted runner may be.",
      "The job ends at its time limit, and the login comes in its last minutes or in a retry.",
      "A step has put the variables of an earlier job into ACTIONS_ID_TOKEN_REQUEST_TOKEN."
    ]
  },
  GITHUB_UNREACHABLE: {
    happened: "GitHub's OIDC service gave no usable answer in any of the tries.",
    causes: [
      "A passing fault of GitHub or of the network.",
      "A self-hosted runner whose firewall does not let it out to `*.actions.githubusercontent.com`.",
      "A network that can only be left through a proxy, which the runner has not been told of."
    ]
  },
  GITHUB_RESPONSE_MALFORMED: {
    happened: "What answered in place of GitHub's OIDC service did not send a token.",
    causes: [
      "An intercepting proxy or captive portal that answers with a page of its own.",
      "A step has pointed ACTIONS_ID_TOKEN_REQUEST_URL elsewhere."
    ]
  },
  TLS_UNTRUSTED: {
    happened: "A server showed a certificate that this machine does not accept; nothing was sent to it.",
    causes: [
      "A proxy that inspects TLS and signs with a CA of the company.",
      "A private endpoint or server with a certificate of a private CA.",
      "A wrong host, whose certificate bears another name.",
      "A clock that is far off, or a certificate that has expired."
    ]
  },
  PROXY_UNREACHABLE: {
    happened: "The proxy that the environment prescribes could not be used.",
    causes: [
      "A wrong host or port in the variable, or something that is no `http://` or `https://` address.",
      "The proxy is down or overloaded.",
      "The host should be reached directly, but is not in NO_PROXY."
    ]
  },
  PROXY_REFUSED: {
    happened: "The proxy answered and would not open a way to the host.",
    causes: [
      "The host is not on the list of what the proxy lets through.",
      "Missing or wrong credentials of the proxy (407).",
      "A port other than 443, which many proxies forbid."
    ]
  },
  EXPORT_CONFLICT: {
    happened: "Two logins of one job, with different profiles, want the same variables in `export-for`.",
    causes: [
      "The inputs of one login were copied for another, `export-for` included.",
      "Both serve Terraform, one by terraform and one by terraform-session, which share their variables.",
      "An action of somebody else that the job uses logs in by this one."
    ]
  },
  PROFILE_EXISTS: {
    happened: "The config has a section of the name that is to be written, and this action did not write it.",
    causes: [
      "A self-hosted runner on which somebody has set up a profile, most often `DEFAULT`.",
      "An earlier step of the job has written one."
    ]
  },
  PROFILE_AMBIGUOUS: {
    happened: "The config has several sections of the name that is to be written.",
    causes: [
      "A script that appends a section at every run.",
      "Names that differ only in blanks inside the brackets."
    ]
  },
  CONFIG_UNREADABLE: {
    happened: "The config is no plain text that a section could be added to.",
    causes: [
      "A file in UTF-16, as older versions of PowerShell write it.",
      "A path that leads to something else than a config."
    ]
  },
  PATH_UNSAFE: {
    happened: "Something in the place of the files to be written would lead keys elsewhere, or let others at them.",
    causes: [
      "A symbolic link in place of the config or of `sessions`, as managers of dotfiles make them.",
      "A directory that others may write to or that belongs to another user.",
      "A file where a directory should be, or the reverse.",
      "A path inside the checkout, from where a key would be published."
    ]
  },
  FILES_NOT_WRITABLE: {
    happened: "The operating system refused to read or write one of the files; the message has its reason.",
    causes: [
      "The runner's user may not write there, as in a home that an earlier container job has left to root (EACCES, EPERM).",
      "The disk is full (ENOSPC) or read-only (EROFS).",
      "A name that is too long (ENAMETOOLONG)."
    ]
  },
  CONFIG_LOCKED: {
    happened: "For half a minute, others held the lock on the config or wrote the file without a break.",
    causes: [
      "Very many jobs on one machine share the home.",
      "A program that writes the config over and over.",
      "A job in another container was killed with the lock in hand: from here its death cannot be seen, so its lock counts for a minute."
    ]
  },
  DEADLINE_EXCEEDED: {
    happened: "The time for the whole step was used up by tries and waits.",
    causes: [
      "A service that was slow or silent; the log has one line for each wait.",
      "`timeout-seconds` is too short for what was asked.",
      "A firewall that drops packets instead of refusing them."
    ]
  },
  UNEXPECTED: {
    happened: "Something failed that this action did not foresee.",
    causes: [
      "A file of the runner's own, such as the one in GITHUB_ENV or GITHUB_OUTPUT, is missing or cannot be written.",
      "A defect of this action."
    ]
  }
};
function pageOf(code) {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}

// src/report/failure.ts
async function reportFailure(failure, hasSummary) {
  let account = await accountOf(failure), requestId = failure.requestId === void 0 ? "" : ` Request id: ${failure.requestId}.`;
  reportError(`${account.code}: ${account.happened} ${account.remedy}${requestId}`), isDebug() && reportStack(failure), setOutput("failure-code", failure.code), hasSummary && githubRunner.summary(longForm(account));
}
function reportStack(failure) {
  let stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : void 0];
  for (let line of stacks.join(`
`).split(`
`)) githubRunner.debug(line);
}
async function accountOf(failure) {
  let { code, message, remedy, requestId, facts, findings, snippets } = failure, account = { code, happened: message, remedy, requestId, facts, findings, snippets };
  if (code !== "GITHUB_OIDC_UNAVAILABLE") return account;
  try {
    let { whyNoIdentity } = await import("./github-missing-id-token.js"), why = whyNoIdentity();
    return {
      ...account,
      happened: [message, why.reason].filter((part) => part !== "").join(" "),
      remedy: why.remedy ?? remedy,
      findings: [...findings, ...why.findings],
      snippets: [...snippets, ...why.snippets]
    };
  } catch {
    return account;
  }
}
function longForm({ code, happened, remedy, requestId, facts, findings, snippets }) {
  let further = findings.filter((finding) => !happened.includes(finding)), id = requestId === void 0 ? {} : { "request id": requestId };
  return [
    "### Login failed",
    "",
    `**${code}**: ${escapeMarkup(happened)}`,
    "",
    `**What to do**: ${escapeMarkup(remedy)}`,
    "",
    ...further.map((finding) => `- ${escapeMarkup(finding)}`),
    ...further.length === 0 ? [] : [""],
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    "Likely causes, the most usual first:",
    "",
    ...CATALOGUE[code].causes.map((cause) => `1. ${cause}`),
    "",
    `More: ${linkTo(code)}`,
    "",
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    "",
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines)
  ].join(`
`);
}
function linkTo(code) {
  let page = pageOf(code), {
    GITHUB_SERVER_URL: server,
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref
  } = process.env;
  if (!server || !repository || !ref) return `\`${page}\``;
  let parts = `${repository}/blob/${ref}`.split("/").map(encodeURIComponent).join("/");
  return `[${page}](${server}/${parts.replace(/[()]/g, (bracket) => bracket === "(" ? "%28" : "%29")}/${page})`;
}
export {
  reportFailure,
  reportStack
};
