import {
  Secret,
  readKeyPair
} from "./shared-by-doctor+main+post+refresher.js";

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

// src/node/clock.ts
var systemClock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
};

// src/errors/codes-aws.ts
var AWS_CODES = {
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

// src/errors/codes-job.ts
var JOB_CODES = {
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
  PROFILE_IN_USE: {
    title: "Another job that is still running on this machine uses the profile.",
    remedy: "Give each job its own `profile` (`aws-profile` for AWS), for example with the matrix index in its name, or run the jobs one after the other."
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

// src/errors/codes.ts
var CODES = { ...JOB_CODES, ...OCI_CODES, ...AWS_CODES };
function describeError(code) {
  return CODES[code];
}
function helpPath(code) {
  return `docs/troubleshooting.md#${code.toLowerCase()}`;
}

// src/errors/action-error.ts
var ActionError = class extends Error {
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
function toActionError(thrown) {
  if (thrown instanceof ActionError) return thrown;
  let text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : "something that is not an Error was thrown";
  return new ActionError("UNEXPECTED", /[.!?]$/.test(text) ? text : `${text}.`, { cause: thrown });
}
var Contention = class extends Error {
  name = "Contention";
};

// src/node/directory-trust.ts
function unsafeReason({ platform, fs: fs2, uid }, path4, kind = "directory") {
  let entry = fs2.lstatSync(path4, { throwIfNoEntry: !1 });
  if (entry === void 0) return;
  let isPosix = platform !== "win32";
  if (entry.isSymbolicLink() && !(isPosix && entry.uid === 0 && uid !== 0))
    return `should be a ${kind} but is a link`;
  let stats = fs2.statSync(path4);
  if (kind === "directory" ? !stats.isDirectory() : !stats.isFile()) return `should be a ${kind} but is not`;
  if (!isPosix) return;
  let mode = stats.mode & 4095;
  if ((mode & 2) !== 0 && (mode & 512) === 0)
    return `can be written by every user of this machine (mode ${mode.toString(8)}). Run \`chmod go-w\` on it`;
  if (!(uid === 0 || stats.uid === uid || stats.uid === 0))
    return `belongs to user ${stats.uid}, but this job runs as user ${uid}. Run \`chown\` on it or choose another directory`;
}

// src/node/system.ts
import fs from "node:fs";
var thisSystem = { platform: process.platform, fs, uid: process.getuid?.() }, FIRST_DELAY_MS = 10, RETRIES = 7, IN_USE = ["EPERM", "EACCES", "EBUSY", "ENOTEMPTY"];
function retryWhileInUse({ platform }, action) {
  for (let retry = 0; ; retry += 1)
    try {
      return action();
    } catch (error) {
      if (platform !== "win32" || retry === RETRIES || !IN_USE.includes(codeOf(error) ?? "")) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FIRST_DELAY_MS * 2 ** retry);
    }
}
function codeOf(error) {
  return error.code;
}
function withFileErrors(path4, action) {
  try {
    return action();
  } catch (error) {
    let { code, syscall } = error;
    if (error instanceof ActionError || code === void 0) throw error;
    let actionCode = code === "ELOOP" || code === "EEXIST" ? "PATH_UNSAFE" : "FILES_NOT_WRITABLE";
    throw new ActionError(actionCode, `${path4}: ${syscall ?? "access"} failed (${code}).`);
  }
}

// src/node/files.ts
var OWNER_FILE = 384, OWNER_DIRECTORY = 448, nodeFiles = createFiles(thisSystem);
function createFiles(system) {
  let { fs: fs2 } = system, kindOf = (path4) => kindFrom(fs2.lstatSync(path4, { throwIfNoEntry: !1 }));
  return {
    kind: (path4) => withFileErrors(path4, () => kindOf(path4)),
    state: (path4) => withFileErrors(path4, () => stateOf(system, path4)),
    unsafeReason: (path4, kind) => withFileErrors(path4, () => unsafeReason(system, path4, kind)),
    read: (path4) => withFileErrors(path4, () => read(system, path4)),
    list: (directory) => withFileErrors(directory, () => kindOf(directory) === "directory" ? fs2.readdirSync(directory) : []),
    makeDirectory: (path4) => withFileErrors(path4, () => fs2.mkdirSync(path4, { mode: OWNER_DIRECTORY })),
    ensureDirectory: (path4) => withFileErrors(path4, () => {
      try {
        fs2.mkdirSync(path4, { mode: OWNER_DIRECTORY });
      } catch (error) {
        if (kindOf(path4) !== "directory") throw error;
      }
    }),
    create: (path4, content) => withFileErrors(path4, () => writeNew(system, path4, content, OWNER_FILE)),
    replace: (path4, content, scratch, state) => withFileErrors(path4, () => {
      let mode = kindOf(path4) === "file" ? fs2.statSync(path4).mode & 511 : OWNER_FILE;
      replace(system, { path: path4, content, scratch, mode, state });
    }),
    rename: (from, to) => withFileErrors(from, () => retryWhileInUse(system, () => fs2.renameSync(from, to))),
    remove: (path4) => withFileErrors(path4, () => remove(system, path4, !1)),
    removeTree: (path4) => withFileErrors(path4, () => remove(system, path4, !0)),
    removeIfEmpty: (directory) => withFileErrors(directory, () => {
      try {
        fs2.rmdirSync(directory);
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
function stateOf({ fs: fs2 }, path4) {
  let stats = fs2.lstatSync(path4, { throwIfNoEntry: !1, bigint: !0 });
  if (stats === void 0)
    return { id: "absent", ageMs: Number.POSITIVE_INFINITY, quietMs: Number.POSITIVE_INFINITY };
  let { ino, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs } = stats, now = systemClock.now(), ageMs = mtimeNs % SECOND_NS === 0n ? Number.POSITIVE_INFINITY : now - Number(mtimeMs);
  return { id: [ino, size, mtimeNs, ctimeNs].join(":"), ageMs, quietMs: now - Number(ctimeMs) };
}
function openNoFollow({ fs: fs2, platform }, path4, flags, mode) {
  if (platform !== "win32") return fs2.openSync(path4, flags | fs2.constants.O_NOFOLLOW, mode);
  if (fs2.lstatSync(path4, { throwIfNoEntry: !1 })?.isSymbolicLink())
    throw Object.assign(new Error("a link"), { code: "ELOOP", syscall: "open" });
  return fs2.openSync(path4, flags, mode);
}
function read(system, path4) {
  let { fs: fs2 } = system, descriptor = openNoFollow(system, path4, fs2.constants.O_RDONLY);
  try {
    return fs2.readFileSync(descriptor);
  } finally {
    fs2.closeSync(descriptor);
  }
}
function remove(system, path4, recursive) {
  retryWhileInUse(system, () => system.fs.rmSync(path4, { force: !0, recursive }));
}
function replace(system, { path: path4, content, scratch, mode, state }) {
  remove(system, scratch, !1);
  try {
    writeNew(system, scratch, content, mode);
    let second = Math.floor(systemClock.now() / 1e3);
    if (system.fs.utimesSync(scratch, second, second), state !== void 0 && stateOf(system, path4).id !== state)
      throw new Contention(`${path4} has been changed`);
    retryWhileInUse(system, () => system.fs.renameSync(scratch, path4));
  } catch (error) {
    throw remove(system, scratch, !1), error;
  }
}
function writeNew(system, path4, content, mode) {
  let { fs: fs2, platform } = system, { O_WRONLY, O_CREAT, O_EXCL } = fs2.constants, descriptor = openNoFollow(system, path4, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    platform !== "win32" && fs2.fchmodSync(descriptor, mode), fs2.writeFileSync(descriptor, content);
  } finally {
    fs2.closeSync(descriptor);
  }
}

// src/profiles/ini-text.ts
var HEADER = /^[ \t]*\[([^\]]*)\]/, MARKER_START = "# oci-wif-action login ", BLANK_OR_COMMENT = /^\s*([#;].*)?$/s;
function toText2(bytes) {
  return Buffer.from(bytes).toString("latin1");
}
function toBytes(text) {
  return Buffer.from(text, "latin1");
}
function encode(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function isReadable(text) {
  return !text.includes("\0");
}
function hasByteOrderMark(text) {
  return text.startsWith("ï»¿");
}
function lineEndOf(text) {
  return /^[^\n]*\r\n/.test(text) ? `\r
` : `
`;
}
function listSections(text) {
  let sections = [], offset = hasByteOrderMark(text) ? 3 : 0;
  for (let line of text.slice(offset).split(/(?<=\n)/)) {
    let name = HEADER.exec(line)?.[1], end = offset + line.length, current = sections.at(-1);
    name !== void 0 ? sections.push({ name: plainName(name), start: offset, end }) : current !== void 0 && (!BLANK_OR_COMMENT.test(line) || line.startsWith(MARKER_START)) && (current.end = end), offset = end;
  }
  return sections;
}
function plainName(name) {
  return name.replace(/["']/g, "").trim().replace(/\s+/g, " ");
}
function textOf(text, { start, end }) {
  return text.slice(start, end);
}
function readKey(sectionText, key) {
  return sectionText.split(`
`).filter((line) => !BLANK_OR_COMMENT.test(line)).map((line) => /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line)).findLast((pair) => pair?.[1] === key)?.[2];
}
function appendSection(text, block) {
  let addedNewline = text !== "" && text !== "ï»¿" && !text.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text + addedNewline + block, addedNewline };
}
function replaceSection(text, section, block) {
  let rest = text.slice(section.end), addedNewline = rest !== "" && !block.endsWith(`
`) ? lineEndOf(text) : "";
  return { text: text.slice(0, section.start) + block + addedNewline + rest, addedNewline };
}
function removeSection(text, section, addedNewline) {
  let before = text.slice(0, section.start), after = text.slice(section.end);
  return (addedNewline !== "" && after === "" ? withoutNewlineBefore(before, textOf(text, section)) : before) + after;
}
function withoutNewlineBefore(text, followingSection) {
  let newline = lineEndOf(followingSection);
  return text.endsWith(newline) ? text.slice(0, -newline.length) : text;
}

// src/profiles/section-target.ts
import path from "node:path";
var MARKER = new RegExp(`^${MARKER_START}([0-9a-f]+) of job ([0-9a-f]+)`, "m");
function renderOwned(section, { loginId, jobId }, lines, lineEnd) {
  let marker = `${MARKER_START}${loginId} of job ${jobId}, removed by its post step`;
  return encode([`[${section}]`, marker, ...lines].map((line) => line + lineEnd).join(""));
}
function ownerOf(sectionText) {
  let [, loginId, jobId] = MARKER.exec(sectionText) ?? [];
  return loginId === void 0 || jobId === void 0 ? void 0 : { loginId, jobId };
}
function namesSessionOf(sectionText, profile) {
  let tokenFile = readKey(sectionText, "security_token_file") ?? "";
  return /[/\\]sessions[/\\]([^/\\]+)[/\\]token$/.exec(tokenFile)?.[1] === profile;
}
function isSameSection(a, b) {
  return a.file === b.file && a.section === b.section;
}
function isSameDirectory(a, b) {
  return a.directory !== null && a.directory === b.directory;
}
function lockOf(file) {
  return path.join(path.dirname(file), "oci-wif-action");
}

// src/profiles/ledger.ts
import path2 from "node:path";
function ledgerFile(file) {
  return path2.join(path2.dirname(file), ".oci-wif-action-ledger.json");
}
function scratchFile(file) {
  return path2.join(path2.dirname(file), ".oci-wif-action-scratch");
}
function readLedger(files, file) {
  let ledger = ledgerFile(file), text = files.kind(ledger) === "file" ? Buffer.from(files.read(ledger)).toString("utf8") : "", { version, createdFiles, createdDirectories, entries } = parseObject(text) ?? {}, directory = path2.dirname(file), isCreated = (created) => [directory, path2.join(directory, "sessions")].includes(created) || directory.startsWith(created + path2.sep);
  return {
    version: 1,
    createdFiles: texts(createdFiles).filter((created) => path2.dirname(created) === directory),
    createdDirectories: texts(createdDirectories).filter((one) => path2.isAbsolute(one) && isCreated(one)),
    entries: version === 1 && Array.isArray(entries) ? entries.filter((one) => isEntry(one, directory)) : []
  };
}
function writeLedger(files, file, ledger) {
  files.replace(ledgerFile(file), Buffer.from(JSON.stringify(ledger)), scratchFile(file));
}
function findEntry(ledger, loginId, target) {
  return ledger.entries.find((entry) => entry.loginId === loginId && isSameSection(entry, target));
}
function topEntry(ledger, target) {
  return ledger.entries.findLast((entry) => isSameSection(entry, target));
}
function entryAbove(ledger, entry) {
  return laterThan(ledger, entry).find((later) => isSameSection(later, entry));
}
function entryAboveInDirectory(ledger, entry) {
  return laterThan(ledger, entry).find((later) => isSameDirectory(later, entry));
}
function laterThan({ entries }, entry) {
  return entries.slice(entries.indexOf(entry) + 1);
}
function entryOfSection(ledger, file, text, section) {
  let target = { file, section: section.name, directory: null }, sectionText = textOf(text, section), owner = ownerOf(sectionText);
  if (owner !== void 0) return findEntry(ledger, owner.loginId, target);
  let top = topEntry(ledger, target);
  if (!(top === void 0 || top.directory === null || top.previousSection === sectionText))
    return namesSessionOf(sectionText, top.section) ? top : void 0;
}
function withChanges(ledger, entry, changes) {
  let entries = ledger.entries.map((one) => one === entry ? { ...one, ...changes } : one);
  return { ...ledger, entries };
}
function withoutEntry(ledger, entry) {
  let { previousSection, previousDirectory } = entry, above = entryAbove(ledger, entry), aboveInDirectory = entryAboveInDirectory(ledger, entry), entries = ledger.entries.filter((one) => one !== entry).map((one) => ({
    ...one,
    ...one === above && { previousSection },
    ...one === aboveInDirectory && { previousDirectory }
  }));
  return { ...ledger, entries };
}
function mergeDirectories(...lists) {
  return [...new Set(lists.flat())].toSorted((a, b) => a.length - b.length);
}
var isText = (value) => typeof value == "string", isId = (value) => isText(value) && /^[0-9a-f]+$/.test(value), isDate = (value) => typeof value == "number" && !Number.isNaN(new Date(value).getTime()), isNullOr = (value, test) => value === null || test(value), texts = (value) => Array.isArray(value) ? value.filter(isText) : [];
function isEntry(value, directory) {
  let entry = Object(value), { previousDirectory, addedNewline = "none" } = entry;
  return isId(entry.loginId) && isId(entry.jobId) && isNullOr(entry.request, isId) && isNullOr(entry.keyDigest, isId) && isNullOr(entry.expiresAt, isDate) && isNullOr(entry.runnerProcess, isRunnerProcess) && isNullOr(entry.previousSection, isText) && isNullOr(previousDirectory, (aside) => isText(aside) && isMoved(aside, entry.directory)) && ["", `
`, `\r
`].includes(addedNewline) && isTarget(entry, directory);
}
function isMoved(aside, directory) {
  return isText(directory) && aside.startsWith(`${directory}~`) && isId(aside.slice(directory.length + 1));
}
function isRunnerProcess(value) {
  let { pid, startTime, bootId, pidNamespace } = Object(value);
  return Number.isSafeInteger(pid) && [startTime, bootId, pidNamespace].every(isText);
}
function isTarget(value, parent) {
  let { file, section, directory } = Object(value);
  if (!isText(file) || !path2.isAbsolute(file) || !isText(section) || parent !== void 0 && path2.dirname(file) !== parent) return !1;
  let isName = /^[^/\\~]+$/.test(section) && section !== "." && section !== "..";
  return directory === null || isName && directory === path2.join(path2.dirname(file), "sessions", section);
}

// src/profiles/oci-profile.ts
import path3 from "node:path";
function sessionPaths(configFile, profile) {
  let session = path3.join(path3.dirname(configFile), "sessions", profile);
  return { session, ...sessionFilesIn(session) };
}
function sessionFilesIn(session) {
  return { keyFile: path3.join(session, "oci_api_key.pem"), tokenFile: path3.join(session, "token") };
}
function ociTarget(configFile, profile) {
  return { file: configFile, section: profile, directory: sessionPaths(configFile, profile).session };
}
function renderSection(name, owner, profile, lineEnd) {
  let lines = [
    `tenancy=${profile.tenancy}`,
    `region=${profile.region}`,
    `fingerprint=${profile.fingerprint}`,
    `key_file=${profile.keyFile}`,
    `security_token_file=${profile.tokenFile}`
  ];
  return renderOwned(name, owner, lines, lineEnd);
}
var HARMFUL_IF_INHERITED = ["pass_phrase", "authentication_type", "key_content"];
function adviseOnConfigText(text, profile) {
  let advice = [];
  hasByteOrderMark(text) && advice.push("begins with a byte order mark: clients in Python, Go and Java cannot read it");
  let others = listSections(text).filter(({ name }) => name !== profile);
  if (profile === "DEFAULT" && others.length > 0) {
    let names = others.map(({ name }) => `[${name}]`).join(", ");
    advice.push(
      `has ${names} besides [DEFAULT]: most SDKs let other profiles inherit the session token from there; give this login a \`profile\` of its own`
    );
  }
  let fallback = others.find(({ name }) => name === "DEFAULT"), inherited = HARMFUL_IF_INHERITED.filter(
    (key) => fallback !== void 0 && readKey(textOf(text, fallback), key) !== void 0
  );
  return inherited.length > 0 && advice.push(
    `has ${inherited.join(", ")} in [DEFAULT], which most SDKs let [${profile}] inherit; a session takes none of them`
  ), advice;
}

// src/profiles/session-files.ts
import { createHash } from "node:crypto";
function tokenFileOf({ configFile, profile }) {
  let { keyFile, tokenFile } = sessionPaths(configFile, profile);
  return { file: tokenFile, keyFile, lock: lockOf(configFile) };
}
async function replaceToken({ files, lock }, { file, keyFile, lock: profileLock }, { token, expiresAt }, publicKeyBase64) {
  let replace2 = () => readKeyFile(files, keyFile)?.publicKeyBase64 !== publicKeyBase64 ? !1 : (putFile(files, file, token), !0);
  return profileLock === null ? replace2() : lock.hold(
    profileLock,
    () => {
    },
    () => {
      let isReplaced = replace2(), ledger = readLedger(files, profileLock), keyDigest = keyDigestOf(publicKeyBase64), entry = ledger.entries.findLast((one) => one.keyDigest === keyDigest);
      return isReplaced && entry && writeLedger(files, profileLock, withChanges(ledger, entry, { expiresAt })), isReplaced;
    }
  );
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
function keyDigestOf(publicKeyBase64) {
  return createHash("sha256").update(publicKeyBase64).digest("hex");
}
function keyDigestIn(files, directory) {
  let { keyFile } = sessionFilesIn(directory);
  if (files.kind(directory) !== "directory") return;
  let keyPair = readKeyFile(files, keyFile);
  return keyPair && keyDigestOf(keyPair.publicKeyBase64);
}

export {
  parseJson,
  parseObject,
  headerText,
  serverTimeOf,
  requestIdFrom,
  isPrintable,
  isTime,
  toText,
  quote,
  describeStatus,
  isRetryableStatus,
  systemClock,
  describeError,
  helpPath,
  ActionError,
  toActionError,
  Contention,
  thisSystem,
  retryWhileInUse,
  codeOf,
  withFileErrors,
  nodeFiles,
  toText2,
  toBytes,
  isReadable,
  lineEndOf,
  listSections,
  textOf,
  readKey,
  appendSection,
  replaceSection,
  removeSection,
  withoutNewlineBefore,
  renderOwned,
  ownerOf,
  isSameSection,
  isSameDirectory,
  lockOf,
  ledgerFile,
  scratchFile,
  readLedger,
  writeLedger,
  findEntry,
  topEntry,
  entryAbove,
  entryAboveInDirectory,
  entryOfSection,
  withChanges,
  withoutEntry,
  mergeDirectories,
  isTarget,
  sessionPaths,
  sessionFilesIn,
  ociTarget,
  renderSection,
  adviseOnConfigText,
  tokenFileOf,
  replaceToken,
  putFile,
  readKeyFile,
  readSecret,
  keyDigestOf,
  keyDigestIn
};
