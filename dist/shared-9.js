import {
  CLOCK_TOLERANCE_MS,
  CONTROL,
  DEFAULT_AUDIENCE,
  NO_HOME,
  awsProfile,
  boolean,
  choices,
  clientId,
  configFile,
  decodeJwt,
  describeSkew,
  discoveryAddress,
  domainUrl,
  endpoint,
  explainFailure,
  explainTransport,
  integer,
  invalid,
  matching,
  oneOf,
  profileName,
  quoted,
  refreshMode,
  region,
  regionName,
  sessionKey,
  signRequest,
  singleLine,
  splitList,
  tenancy,
  word
} from "./shared-3.js";
import {
  ServiceRefusal,
  apiRefusal
} from "./shared-14.js";
import {
  homeOfConfig,
  startsAtHome
} from "./shared-17.js";
import {
  describeHtmlPage,
  describeStatus,
  isJwt,
  isNotAuthorized,
  isPrintable,
  isRetryableStatus,
  isTime,
  parseJson,
  parseObject,
  quote,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
  toText
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";
import {
  Secret
} from "./shared-28.js";

// src/inputs/aws-parsers.ts
function roleArn(raw) {
  let match = /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):role\/[\w+=,.@/-]{1,512}$/.exec(raw);
  if (match === null)
    return invalid(`must be the ARN of a role, arn:aws:iam::123456789012:role/…, not ${quoted(raw)}`);
  let [, partition = "", accountId = ""] = match;
  return { arn: raw, partition, accountId };
}
var region2 = regionName("an AWS region, such as eu-central-1");
function partitionOf(name) {
  let [, prefix] = /^(cn|us-gov|eusc)-/.exec(name) ?? [];
  return prefix === void 0 ? "aws" : `aws-${prefix}`;
}
var DNS_SUFFIX = {
  "aws-cn": "amazonaws.com.cn",
  "aws-eusc": "amazonaws.eu"
};
function regionalSts(name) {
  return new URL(`https://sts.${name}.${DNS_SUFFIX[partitionOf(name)] ?? "amazonaws.com"}`);
}
var scope = matching(
  /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
  'must be an OAuth scope such as "/" or "sts.amazon.com/"'
), roleSessionName = matching(
  /^[\w+=,.@-]{2,64}$/,
  "must have 2 to 64 letters, digits and _ + = , . @ -"
), POLICY_LIMIT = 2048;
function sessionPolicy(raw) {
  let policy = parseObject(raw);
  if (policy === void 0) return invalid("must be an IAM policy document in JSON");
  let compact = JSON.stringify(policy);
  return compact.length <= POLICY_LIMIT ? compact : invalid(`must have up to ${POLICY_LIMIT} characters without whitespace, not ${compact.length}`);
}
function managedSessionPolicies(raw) {
  let arns = splitList(raw), wrong = arns.filter((arn) => !/^arn:[a-z-]+:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/.test(arn));
  return wrong.length > 0 ? invalid(`must contain only ARNs of managed policies, not ${quoted(wrong.join(", "))}`) : arns.length <= 10 ? arns : invalid(`must contain up to 10 policies, not ${arns.length}`);
}
function accountIds(raw) {
  let ids = splitList(raw), wrong = ids.filter((id) => !/^\d{12}$/.test(id));
  return wrong.length === 0 && ids.length > 0 ? ids : invalid(`must contain only account IDs of 12 digits, in quotes, because YAML drops leading zeros; not ${quoted(wrong.join(", "))}`);
}

// src/inputs/regions.ts
var REALMS = [
  [
    "oc1",
    "oraclecloud.com",
    "af-casablanca-1 af-johannesburg-1 ap-batam-1 ap-chuncheon-1 ap-delhi-1 ap-hyderabad-1 ap-kulai-2 ap-melbourne-1 ap-mumbai-1 ap-osaka-1 ap-seoul-1 ap-singapore-1 ap-singapore-2 ap-sydney-1 ap-tokyo-1 ca-montreal-1 ca-toronto-1 eu-amsterdam-1 eu-frankfurt-1 eu-madrid-1 eu-madrid-3 eu-marseille-1 eu-milan-1 eu-paris-1 eu-stockholm-1 eu-turin-1 eu-zurich-1 il-jerusalem-1 me-abudhabi-1 me-dubai-1 me-jeddah-1 me-riyadh-1 mx-monterrey-1 mx-queretaro-1 sa-bogota-1 sa-santiago-1 sa-saopaulo-1 sa-valparaiso-1 sa-vinhedo-1 uk-cardiff-1 uk-london-1 us-ashburn-1 us-chicago-1 us-phoenix-1 us-saltlake-2 us-sanjose-1"
  ],
  ["oc2", "oraclegovcloud.com", "us-langley-1 us-luke-1"],
  ["oc3", "oraclegovcloud.com", "us-gov-ashburn-1 us-gov-chicago-1 us-gov-phoenix-1"],
  ["oc4", "oraclegovcloud.uk", "uk-gov-cardiff-1 uk-gov-london-1"],
  ["oc8", "oraclecloud8.com", "ap-chiyoda-1 ap-ibaraki-1"],
  ["oc9", "oraclecloud9.com", "me-dcc-muscat-1 me-ibri-1"],
  ["oc10", "oraclecloud10.com", "ap-dcc-canberra-1"],
  [
    "oc14",
    "oraclecloud14.com",
    "eu-dcc-dublin-1 eu-dcc-dublin-2 eu-dcc-milan-1 eu-dcc-milan-2 eu-dcc-rating-1 eu-dcc-rating-2"
  ],
  ["oc15", "oraclecloud15.com", "ap-dcc-gazipur-1"],
  ["oc19", "oraclecloud.eu", "eu-frankfurt-2 eu-madrid-2"],
  ["oc20", "oraclecloud20.com", "eu-jovanovac-1"],
  ["oc21", "oraclecloud21.com", "me-alrayyan-1 me-dcc-doha-1"],
  ["oc23", "oraclecloud23.com", "us-somerset-1 us-thames-1"],
  ["oc24", "oraclecloud24.com", "eu-crissier-1 eu-dcc-zurich-1"],
  ["oc26", "oraclecloud26.com", "me-abudhabi-3 me-alain-1"],
  ["oc29", "oraclecloud29.com", "me-abudhabi-2 me-abudhabi-4"],
  ["oc35", "oraclecloud35.com", "ap-chuncheon-2 ap-seoul-2 ap-suwon-1"],
  ["oc42", "oraclecloud42.com", "us-ashburn-2 us-newark-1"],
  ["oc51", "oraclecloud51.com", "eu-budapest-1"],
  ["oc52", "oraclecloud52.com", "sa-riodejaneiro-1"]
];
function realmOf(ocid) {
  return ocid.split(/[.:]/)[2] ?? "";
}
function domainOf(realm) {
  return REALMS.find(([name]) => name === realm)?.[1];
}
function domainOfTenancy(tenancy2, remedy) {
  let realm = realmOf(tenancy2), domain = domainOf(realm);
  if (domain !== void 0) return domain;
  let text = `The tenancy is in realm ${JSON.stringify(realm)}, whose hosts this version does not know.`;
  throw new ActionError("OCI_REALM_UNKNOWN", text, remedy === void 0 ? {} : { remedy });
}
function isOracleHost(host) {
  return /\.(ocir\.io|oraclecloud\d{0,2}\.com|oraclecloud\.eu|oraclegovcloud\.(com|uk))$/.test(host);
}
function isIdentityHost(host) {
  return REALMS.some(([, domain]) => host.endsWith(`.${domain}`) ? /^[a-z0-9.-]+\.identity(\.[a-z0-9-]+\.oci)?$/.test(host.slice(0, -domain.length - 1)) : !1);
}
function similarRegions(name) {
  let known = REALMS.flatMap(([, , regions]) => regions.split(" "));
  return known.includes(name) ? void 0 : nearestNames(name, known);
}
var MAX_EDITS = 3;
function nearestNames(name, known) {
  let distances = known.map((one) => editDistance(name, one)), least = Math.min(...distances, MAX_EDITS);
  return known.filter((_one, index) => distances[index] === least);
}
function editDistance(from, to) {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let [i, a] of [...from].entries()) {
    let next = [i + 1];
    for (let [j, b] of [...to].entries()) {
      let replaced = (row[j] ?? 0) + (a === b ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

// src/diagnosis/job-claims.ts
var GITHUB_CLAIMS = ["repository", "repository_id", "ref", "environment", "job_workflow_ref", "event_name"];
function diagnosticClaims({ claims, expiresAt }, { claimNames }) {
  let all = { ...claims, exp: new Date(expiresAt).toISOString() }, names = ["iss", "aud", "sub", "exp", ...claimNames].filter((name) => all[name] !== void 0);
  return Object.fromEntries(names.map((name) => [name, quote(all[name] ?? "", [])]));
}
var isForgejo = ({ iss = "" }) => iss.endsWith("/api/actions");
function adviseOnJob(claims) {
  let { iss = "", sub } = claims, isOfForgejo = isForgejo(claims), properties = customProperties(claims), [property] = properties, texts = [
    !isOfForgejo && describeSubject(claims),
    property && `The token has custom properties of the repository, such as ${quote(`${property}=${claims[property]}`, [])}. A rule or validation that compares one accepts every repository with this value, also of other organisations.`,
    sub?.endsWith(":pull_request") && "All pull requests of the repository share this subject: let them only read."
  ];
  return {
    trustName: isOfForgejo ? "forgejo-actions" : "github-actions",
    subject: sub,
    keysUrl: `${iss}/.well-known/${isOfForgejo ? "keys" : "jwks"}`,
    claimNames: [...GITHUB_CLAIMS, ...properties],
    ...!isOfForgejo && { subjectHint: SUBJECT_HINT },
    notes: texts.filter((text) => typeof text == "string")
  };
}
var SUBJECT_HINT = "The subject differs with an environment, a pull request or a tag.", PROPERTY_PREFIX = "repo_property_";
function customProperties(claims) {
  let isProperty = (name) => name.startsWith(PROPERTY_PREFIX) && /^[\w$#-]{1,100}$/.test(name);
  return Object.keys(claims).filter(isProperty).toSorted();
}
function subjectPrefixes(claims) {
  let repository = part(claims, "repository"), [owner = "", name = ""] = repository.split("/"), ids = [part(claims, "repository_owner_id"), part(claims, "repository_id")];
  return { byName: `repo:${repository}`, withIds: `repo:${owner}@${ids[0]}/${name}@${ids[1]}` };
}
function describeSubject(claims) {
  let { byName, withIds } = subjectPrefixes(claims), fits = (prefix) => endings(claims).some((ending) => claims.sub === `${prefix}:${ending}`);
  return fits(byName) ? "The subject is by name, `repo:OWNER/REPO:…`. A rule with ids does not match it." : fits(withIds) ? "The subject is in the immutable form, `repo:OWNER@ID/REPO@ID:…`. A rule by name does not match it." : "The subject is customised by the repository or its organisation. A rule must follow that template.";
}
function endings(claims) {
  return claims.environment ? [`environment:${part(claims, "environment")}`] : [...claims.event_name?.startsWith("pull_request") ? ["pull_request"] : [], `ref:${part(claims, "ref")}`];
}
function part(claims, name) {
  return (claims[name] ?? "").replaceAll(":", "%3A");
}

// src/diagnosis/rule-comparison.ts
function compareRule(rule, claims) {
  let { claim, operator, value, problem } = rule;
  if (operator === void 0) return differs(problem ?? "cannot be compared", !0);
  let actual = Object.hasOwn(claims, claim) ? claims[claim] : void 0;
  if (actual === void 0) {
    let isProperty = claim.startsWith(PROPERTY_PREFIX), why2 = isProperty ? ": an organisation or enterprise chooses the properties that tokens have" : "";
    return differs(`needs the claim ${ticked(claim)}, which the token does not have${why2}`, isProperty);
  }
  if (isMet(operator, value, actual))
    return { matches: !0, isExplained: !1, text: `matches this token${value === "*" ? ", and every other token of the issuer: replace it" : ""}`, lines: "" };
  let reason = reasonFor(operator, rule, actual, claims), why = reason === void 0 ? "" : `: ${reason}`;
  if (operator === "co") return differs(`is not contained in ${ticked(claim)}${why}`, reason !== void 0);
  let isPrefix = value.endsWith("*"), [wanted, found] = [[...isPrefix ? value.slice(0, -1) : value], [...actual]], first = wanted.findIndex((character, index) => character !== found[index]), at = first === -1 ? wanted.length : first, ruleHas = at < wanted.length ? ticked(segment(wanted, at)) : isPrefix ? "a star" : "nothing more", tokenHas = at < found.length ? ticked(segment(found, at)) : "nothing more", text = `differs at character ${at + 1}: the rule has ${ruleHas}, the token has ${tokenHas}${why}`, lines = [
    `rule   ${drawn(wanted)}`,
    `token  ${drawn(found)}`,
    `${" ".repeat(7 + at)}^ character ${at + 1}`
  ];
  return differs(text, reason !== void 0, lines.join(`
`));
}
function isMet(operator, value, actual) {
  return operator === "co" ? actual.includes(value) : value.endsWith("*") ? actual.startsWith(value.slice(0, -1)) : actual === value;
}
function differs(text, isExplained, lines = "") {
  return { matches: !1, isExplained, text, lines };
}
var BORDER = /[/:@]/, MAX_SEGMENT = 60;
function segment(characters, at) {
  let isBorder = (index) => BORDER.test(characters[index] ?? ""), from = at;
  for (; from > 0 && !isBorder(from) && !isBorder(from - 1); ) from -= 1;
  let to = at + 1;
  for (; to < characters.length && !isBorder(to); ) to += 1;
  return characters.slice(from, to).join("");
}
var withoutQuotes = (text) => text.replace(/["'`“”]/g, ""), unescaped = (text) => text.replaceAll("%3A", ":");
function reasonFor(operator, { value, problem }, actual, claims) {
  let isRewritten = (from, to) => value.startsWith(from) && actual.startsWith(to), { byName, withIds } = subjectPrefixes(claims);
  return problem !== void 0 || isMet(operator, withoutQuotes(value), actual) ? "quotes in the rule, and domains have been seen to treat the quotes as part of the value" : isMet(operator, value.trim(), actual) ? `a space at the ${value.startsWith(" ") ? "beginning" : "end"} of the rule` : isMet(operator, value.toLowerCase(), actual.toLowerCase()) ? "only upper and lower case differ, and the comparison is case-sensitive" : isMet(operator, unescaped(value), unescaped(actual)) ? actual.includes("%3A") ? "the token has %3A where the rule has a colon" : "the rule has %3A where the token has a colon" : isRewritten(byName, withIds) ? "the rule is written by name, the token has the immutable form with ids" : isRewritten(withIds, byName) ? "the rule is written in the immutable form with ids, the token has names" : /\*./u.test(value) || operator === "co" && value.endsWith("*") ? "a star is known to work only at the end of an `eq` value" : void 0;
}
function drawn(characters) {
  return characters.map((one) => one === " " ? "␣" : one.replace(/[\p{Cc}\p{Zl}\p{Zp}]/u, "�")).join("");
}
function ticked(text) {
  return `\`${text.slice(0, MAX_SEGMENT).replaceAll("`", "'").replaceAll(" ", "␣")}\``;
}

// src/diagnosis/hcl.ts
var Expression = class {
  text;
  constructor(text) {
    this.text = text;
  }
};
function block(name, values, indent = "  ") {
  return ["", `${indent}${name} {`, ...attributes(values, `${indent}  `), `${indent}}`];
}
function attributes(values, indent) {
  let rows = Object.entries(values).filter(([, value]) => value !== void 0).map(([name, value]) => [toSnakeCase(name), inHcl(value)]), width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${indent}${name.padEnd(width)} = ${value}`);
}
function toSnakeCase(name) {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
function inHcl(value) {
  return value instanceof Expression ? value.text : Array.isArray(value) ? `[${value.map(inHcl).join(", ")}]` : JSON.stringify(value).replace(/\\(.)/g, (whole, letter) => ({ b: "\\u0008", f: "\\u000c" })[letter] ?? whole).replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}

// src/diagnosis/trust-template.ts
var USER_ID = "<SCIM id of the service user>", CERTIFICATE = "<X.509 certificate with the issuer's public key>", USER_OCID = "<OCID of the service user>", TRUST_ID = "<id of the trust>", SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust", PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp", COMMAND = "oci identity-domains identity-propagation-trust";
function trustSnippets(job) {
  let json = JSON.stringify(trustFor(job), void 0, 2), create = `${COMMAND} create --endpoint ${inShell(job.domain)} --from-json file://trust.json`, command = ["cat > trust.json <<'JSON'", json, "JSON", create].join(`
`);
  return [
    snippet("The whole trust as JSON (SCIM), to compare", "json", json, job.resourceType === void 0),
    snippet("The whole trust with the OCI CLI, if the domain has none for this issuer", "sh", command),
    snippet("The whole trust in Terraform", "hcl", inTerraform(job))
  ];
}
function ruleSnippets(job) {
  return [
    snippet("The rule for the subject of this job", "text", ruleFor(job.subject), !1),
    snippet("Add the rule to the trust with the OCI CLI", "sh", addingRule(job))
  ];
}
function snippet(title, language, text, isFolded = !0) {
  return { title, language, text, isFolded };
}
var ruleFor = (subject) => `sub eq ${subject}`;
function trustFor(job, userId = USER_ID) {
  let { resourceType, trustName = "github-actions" } = job, principal = resourceType === void 0 ? { impersonationServiceUsers: [{ rule: ruleFor(job.subject), value: userId }] } : { impersonatingResource: resourceType, claimValidations: [{ name: "sub", value: job.subject }] };
  return {
    schemas: [SCHEMA],
    name: trustName,
    type: "JWT",
    active: !0,
    issuer: job.issuer,
    ...job.keysUrl === void 0 ? { publicCertificate: CERTIFICATE } : { publicKeyEndpoint: job.keysUrl },
    clientClaimName: "aud",
    clientClaimValues: job.audience.split(","),
    // a list in the token
    ...job.clientId !== void 0 && { oauthClients: [job.clientId] },
    subjectType: resourceType === void 0 ? "User" : "Resource",
    subjectClaimName: "sub",
    allowImpersonation: !0,
    ...principal
  };
}
function addingRule(job) {
  return [
    `TRUST_ID=${inShell(TRUST_ID)} USER_ID=${inShell(USER_ID)}`,
    `ENDPOINT=${inShell(job.domain)}`,
    `RULE=${inShell(ruleFor(job.subject))}`,
    "",
    "# A patch replaces the whole list, so this sends all rules again.",
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
function inTerraform(job) {
  let { impersonationServiceUsers = [], claimValidations = [], ...plain } = trustFor(job);
  return [
    `resource "oci_identity_domains_identity_propagation_trust" "${plain.name.replace(/-.*/, "")}" {`,
    ...attributes({ idcsEndpoint: job.domain, ...plain, attributeSets: ["all"] }, "  "),
    ...impersonationServiceUsers.flatMap(
      (user) => block("impersonation_service_users", { ...user, ocid: USER_OCID })
    ),
    ...claimValidations.flatMap((validation) => block("claim_validations", validation)),
    "}"
  ].join(`
`);
}
var inShell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// src/diagnosis/exchange-refusal.ts
async function explainExchangeRefusal(http, refusal, context) {
  let { text, status, requestId } = refusal, code = errorCode(refusal, context), response = `The domain ${context.domainUrl.host} responded with ${status}: ${text || "no reason given"}.`;
  if (code === "OCI_CLIENT_REJECTED") return titled(code, response, { status, requestId });
  let { oci, idToken, requester, advice } = context, signer = requester.kind === "secret" ? void 0 : requester, { snippets: permission = [], facts: identity } = signer ?? {};
  if (code === "OCI_SIGNER_REJECTED")
    return titled(code, response, { status, requestId, facts: identity, snippets: permission });
  let facts = diagnosticClaims(idToken, advice), { iss = "(none)", aud = "(none)", sub = "(none)" } = facts, comparisons = oci.trustRules.map((rule) => ({ ...rule, ...compareRule(rule, idToken.claims) })), compared = describeComparisons(code, comparisons), token = `The job's token has iss=${iss} aud=${aud} sub=${sub}.`, isAboutRule = code === "OCI_NO_RULE_MATCHED", [first, last] = isAboutRule ? [compared[0], advice.subjectHint] : [], { note, snippets } = await templates(http, code, context);
  return titled(code, [first, response, token, last].filter(Boolean).join(" "), {
    status,
    requestId,
    logOnly: token,
    remedy: remedyFor(code, context),
    facts: { ...facts, ...identity },
    details: [...compared, ...hints(code, context), ...note === void 0 ? [] : [note]],
    snippets: [...differenceSnippets(comparisons), ...permission, ...snippets]
  });
}
function remedyFor(code, context) {
  let { subject } = context.advice, rule = subject === void 0 ? "" : ruleFor(subject);
  if (code === "OCI_NO_RULE_MATCHED" && rule !== "" && quote(rule, []) === rule && !rule.includes("`"))
    return `Add the rule \`${rule}\` to the trust, exactly as here, without " or '.`;
  if (code === "OCI_EXCHANGE_REJECTED")
    return context.requester.kind === "secret" ? void 0 : SIGNER_REMEDY;
}
var SIGNER_REMEDY = "Check that a policy allows this instance or pod {GET_RPST}, and that the trust is active, without `oauthClients`.";
function hasOtherAudience({ domainUrl: domainUrl2, oci: { audience }, idToken: { claims } }) {
  return ![DEFAULT_AUDIENCE, domainUrl2.origin].includes(audience) && claims.aud === audience;
}
function errorCode({ code, text, status }, { oci, requester }) {
  let isSigned = requester.kind !== "secret";
  return code === "invalid_client" ? isSigned ? "OCI_SIGNER_REJECTED" : "OCI_CLIENT_REJECTED" : isSigned && (status === 403 || status === 401 && code === "") ? "OCI_SIGNER_REJECTED" : oci.resource !== void 0 ? "OCI_EXCHANGE_REJECTED" : /no rules? matched/i.test(text) ? "OCI_NO_RULE_MATCHED" : /not a service user/i.test(text) ? "OCI_NOT_A_SERVICE_USER" : "OCI_EXCHANGE_REJECTED";
}
var DESPITE_MATCH = {
  OCI_NO_RULE_MATCHED: "so the rule in the trust differs from `trust-rule`, or its user no longer exists",
  OCI_NOT_A_SERVICE_USER: "so only the user in the rule is wrong",
  OCI_EXCHANGE_REJECTED: "so the rule is not the cause"
};
function describeComparisons(code, comparisons) {
  let rank = ({ matches, isExplained }) => +!matches + +(!matches && !isExplained);
  return comparisons.toSorted((one, other) => rank(one) - rank(other)).map(({ name, matches, text }, at) => {
    let despite = matches && at === 0 ? `, ${DESPITE_MATCH[code]}` : "";
    return `${quote(`${name} ${text}${despite}`, [])}.`;
  });
}
function hints(code, context) {
  let { oci, advice } = context, { aud } = context.idToken.claims;
  if (code === "OCI_NOT_A_SERVICE_USER") return [];
  let { type, lifetimeSeconds } = oci.resource ?? {}, isAboutRule = code === "OCI_NO_RULE_MATCHED";
  return [
    // Where the input does not select the audience, the notes name the setting that does.
    ...isAboutRule || type !== void 0 || aud !== oci.audience ? advice.notes : [],
    code === "OCI_EXCHANGE_REJECTED" && aud === DEFAULT_AUDIENCE && "`audience` is the default. After `oci-wif setup`, use the variable OCI_AUDIENCE.",
    lifetimeSeconds && "Try without `rpst-lifetime-seconds`: sources disagree whether OCI counts seconds or minutes.",
    type !== void 0 && `\`token-type: rpst\` needs a trust with \`subjectType\` Resource and \`impersonatingResource\` ${quote(type, [])}, as in \`resource-type\`. Resources need another domain than users.`,
    isAboutRule ? "The rule admits every job with this subject." : hasOtherAudience(context) ? "`audience` must be one of the `clientClaimValues` of the trust." : "A domain can have only one trust for each issuer: if it has one, edit it.",
    isAboutRule && oci.trustRules.length === 0 && "Set `trust-rule` to your rule: the summary then shows the first character that differs."
  ].filter((text) => typeof text == "string");
}
function differenceSnippets(comparisons) {
  return comparisons.flatMap(({ lines: text }, at) => {
    let title = `Where rule ${at + 1} and token differ`;
    return text === "" ? [] : [{ title, language: "text", text, isFolded: !1 }];
  });
}
async function templates(http, code, context) {
  let { oci, idToken, advice, domainUrl: domainUrl2, requester } = context, { iss: issuer, aud: audience } = idToken.claims, { trustName, subject } = advice;
  if (code === "OCI_NOT_A_SERVICE_USER" || code === "OCI_EXCHANGE_REJECTED" && hasOtherAudience(context) || issuer === void 0 || audience === void 0 || subject === void 0)
    return { snippets: [] };
  let { url: keysUrl, note } = await findKeysAddress(http, issuer, advice), resourceType = oci.resource?.type, job = {
    domain: domainUrl2.origin,
    clientId: requester.kind === "secret" ? requester.clientId : void 0,
    issuer,
    keysUrl,
    audience,
    subject,
    trustName,
    resourceType
  }, rule = code === "OCI_NO_RULE_MATCHED" ? ruleSnippets(job) : [];
  return { note, snippets: [...rule, ...trustSnippets(job)] };
}
var DISCOVERY_TIMEOUT_MS = 4e3, GITHUB_ORIGIN = "https://token.actions.githubusercontent.com";
async function findKeysAddress(http, issuer, { keysUrl }) {
  let discovery = discoveryAddress(issuer);
  try {
    return { url: await publishedAddress(http, issuer, discovery, keysUrl !== void 0) };
  } catch (error) {
    let reason = quote(error.message, []), note = `The trust has ${keysUrl === void 0 ? "a placeholder for" : "the documented"} address of the issuer's keys, not the published one: ${reason}. Compare it with \`jwks_uri\` in ${quote(discovery, [])}.`;
    return { url: keysUrl ?? "<jwks_uri>", note };
  }
}
async function publishedAddress(http, issuer, discovery, checksHost) {
  let url = httpsUrl(issuer) && httpsUrl(discovery);
  if (url === void 0) throw new Error("the issuer is not an https URL");
  let request = { method: "GET", url, headers: { accept: "application/json" } }, { status, text } = await http.send(request, { timeoutMs: DISCOVERY_TIMEOUT_MS }), members = status === 200 ? parseObject(text) : void 0;
  if (members?.issuer !== issuer)
    throw new Error(`${url.host} sent no discovery document of this issuer (status ${status})`);
  let keys = httpsUrl(members.jwks_uri);
  if (keys === void 0 || checksHost && ![url.origin, GITHUB_ORIGIN].includes(keys.origin))
    throw new Error("the discovery document names an address on another host");
  return keys.href;
}
function httpsUrl(address) {
  if (typeof address != "string" || /[?#@]/.test(address) || !URL.canParse(address)) return;
  let url = new URL(address);
  return url.protocol === "https:" ? url : void 0;
}

// src/oci/namespace.ts
function objectStorageOf(region3, tenancy2) {
  return new URL(`https://objectstorage.${region3}.${domainOfTenancy(tenancy2)}`);
}
function namespaceRequest(endpoint2, proof, now) {
  let request = { method: "GET", url: new URL("/n/", endpoint2), headers: {} };
  return { ...request, headers: signRequest(request, sessionKey(proof), now) };
}
var NAMESPACE_CALL = {
  label: "the call that verifies the session",
  /** OCI has been seen to refuse valid sessions like this for a short time. */
  transientReason: ({ status, text }) => {
    let code = toText(parseObject(text)?.code);
    return isNotAuthorized(status, code) ? `${status} ${code}` : void 0;
  }
};
function processNamespaceResponse(response, token) {
  let { status, text, attempts } = response, requestId = requestIdFrom(response, "opc-request-id");
  if (isRetryableStatus(status)) throw new ServiceRefusal("object-storage", { status, requestId, attempts });
  let namespace = status === 200 ? parseJson(text) : void 0;
  if (isPrintable(namespace)) return { namespace, requestId };
  let refusal = apiRefusal("object-storage", response, [token]), { code, text: reason } = refusal;
  if (status === 401 && parseObject(text) !== void 0 || isNotAuthorized(status, code)) throw refusal;
  let what = status === 200 ? "something that is no namespace" : describeStatus(status), message = describeHtmlPage(response, "Object Storage") ?? `Object Storage responded with ${what}${reason && `: ${reason}`}.`;
  throw titled("OCI_SERVICE_RESPONSE_MALFORMED", message, { status, requestId });
}

// src/oci/session-advice.ts
var MINUTE_MS = 6e4, SHORT_SESSION_MS = 15 * MINUTE_MS, MAX_RPST_SECONDS = 43200, TOLERANCE_SECONDS = 5;
function adviseOnLifetime(requestedSeconds, expiresAt, now, serverTime = now) {
  let end = new Date(expiresAt).toISOString();
  if (requestedSeconds === void 0) {
    let left = expiresAt - now;
    return left >= SHORT_SESSION_MS ? void 0 : `The session ends in ${Math.round(left / MINUTE_MS)} min, at ${end}. If the job needs it longer, use \`refresh: auto\` or \`true\`.`;
  }
  let granted = Math.round((expiresAt - serverTime) / 1e3), isAbout = (seconds) => Math.abs(granted - seconds) <= TOLERANCE_SECONDS;
  if (isAbout(requestedSeconds)) return;
  let text = `OCI granted a session of ${granted} s (until ${end}); \`rpst-lifetime-seconds\` requests ${requestedSeconds} s`, unit = "OCI seems to count minutes: 60 is then an hour.";
  return isAbout(requestedSeconds * 60) ? `${text}: sixty times as long. ${unit}` : isAbout(MAX_RPST_SECONDS) ? `${text}: the maximum instead. ${unit}` : isAbout(requestedSeconds / 60) ? `${text}: a sixtieth, as if OCI converted seconds to minutes.` : `${text}.`;
}
function adviseOnSigner(kind, resource) {
  if (!(kind === "secret" || kind === "instance-principal" && resource))
    return `\`client-auth\` ${kind} with \`token-type\` ${resource ? "rpst" : "upst"} is experimental: no source shows which permission it needs.`;
}
function adviseOnClock(now, serverTime) {
  let skew = serverTime === void 0 ? 0 : now - serverTime;
  if (!(Math.abs(skew) <= MINUTE_MS))
    return describeSkew(skew);
}

// src/oci/session-token.ts
var OCID = /^ocid(1\.|v1:)(?!.*::)[a-z0-9]+[.:][\w.:-]{1,250}$/i, TENANCY_OCID = /^ocid(1\.|v1:)(?!.*::)tenancy[.:][a-z0-9.:-]{1,200}$/;
function parseSessionToken(token, resource, requestId) {
  let malformed2 = (text) => titled("OCI_RESPONSE_MALFORMED", text, { requestId }), payload = decode(token);
  if (payload === void 0) throw malformed2("The domain issued a session token that is no JWT.");
  let { exp, nbf, iat, jti } = payload, principal = resource === void 0 ? userOf(payload) : resourceOf(payload, resource.type);
  if (!isTime(exp) || principal === void 0)
    throw malformed2("The session token lacks a readable `exp` or `sub`.");
  let tenancy2 = payload.tenant ?? (resource && payload.res_tenant);
  if (typeof tenancy2 != "string" || !TENANCY_OCID.test(tenancy2))
    throw malformed2("The session token does not name its tenancy.");
  let start = nbf ?? iat;
  return {
    token,
    principal,
    tenancy: tenancy2,
    validFrom: isTime(start) ? start * 1e3 : void 0,
    expiresAt: exp * 1e3,
    tokenId: isPrintable(jti) ? jti : void 0,
    jwk: payload.jwk,
    requestId
  };
}
function decode(token) {
  try {
    return isJwt(token.reveal()) ? decodeJwt(token.reveal()) : void 0;
  } catch {
    return;
  }
}
function userOf({ sub }) {
  return typeof sub == "string" && OCID.test(sub) ? sub : void 0;
}
function resourceOf({ sub, res_id, res_type }, requestedType) {
  return [sub, res_id, res_type, requestedType].map((name) => typeof name == "string" ? quote(name, []) : "").find((name) => name) ?? "";
}
function assertTenancy({ tenancy: tenancy2, requestId }, expected) {
  if (expected === void 0 || expected === tenancy2) return;
  let text = `The session is in tenancy ${tenancy2}, not in ${expected}.`;
  throw titled("UPST_TENANCY_MISMATCH", text, { requestId });
}
function assertBindsKey({ jwk, requestId }, { publicJwk: { n, e } }) {
  let bound = (typeof jwk == "string" ? parseObject(jwk) : jwk) ?? {};
  if (isSameNumber(bound.n, n) && isSameNumber(bound.e, e)) return;
  let text = "The session token is bound to another key than that of this login.";
  throw new ActionError("UPST_KEY_MISMATCH", text, { requestId });
}
function isSameNumber(actual, expected) {
  let toHex = (base64) => Buffer.from(base64, "base64url").toString("hex").replace(/^(00)+/, "");
  return typeof actual == "string" && toHex(actual) === toHex(expected);
}
function clockSkew(now, serverTime = now) {
  let skew = serverTime - now;
  return Math.abs(skew) <= CLOCK_TOLERANCE_MS ? skew : 0;
}
function assertCurrent({ validFrom = 0, expiresAt, requestId }, now, serverTime = now) {
  let isEarly = validFrom > Math.max(now, serverTime) + CLOCK_TOLERANCE_MS;
  if (expiresAt > now && !isEarly) return;
  let [then, here] = [isEarly ? validFrom : expiresAt, now].map((time) => new Date(time).toISOString()), text = `The session token ${isEarly ? "is not valid before" : "expired at"} ${then}; this machine's clock says ${here}.`;
  throw new ActionError("UPST_EXPIRED", text, { requestId });
}

// src/oci/token-endpoint.ts
var TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
function tokenExchangeRequest(endpoint2, { subjectToken, publicKeyBase64, resource }, now) {
  let form = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    subject_token_type: "jwt",
    // the short name, as the SDKs send it; the RFC's URN is not known to work
    subject_token: subjectToken.reveal(),
    public_key: publicKeyBase64,
    ...resource && { res_type: resource.type },
    // Oracle's examples count it in seconds, the Java SDK's documentation in minutes: see docs/decisions.md.
    ...resource?.lifetimeSeconds && { rpst_exp: String(resource.lifetimeSeconds) }
  };
  return tokenRequest(endpoint2, form, now);
}
function processTokenExchangeResponse(response, requester, subjectToken) {
  let members = processTokenResponse(response, requester, [subjectToken]), token = members.token ?? members.access_token;
  if (typeof token != "string" || !/^[\x21-\x7e]+$/.test(token))
    throw malformed("JSON without a token", response);
  return { token: new Secret(token), requestId: requestIdOf(response), serverTime: serverTimeOf(response) };
}
function accessTokenRequest(endpoint2, scope2, now) {
  let exchange = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token"
  }, grant = "basic" in endpoint2.requester ? { grant_type: "client_credentials" } : exchange;
  return tokenRequest(endpoint2, { ...grant, scope: scope2 }, now);
}
function processAccessTokenResponse(response, requester) {
  let token = processTokenResponse(response, requester, []).access_token;
  if (isJwt(token)) return new Secret(token);
  throw malformed("JSON without an access token in the form of a JWT", response);
}
function tokenRequest({ domainUrl: domainUrl2, requester }, form, now) {
  let body = new URLSearchParams(form).toString(), headers = {
    accept: "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(Buffer.byteLength(body))
  }, request = { method: "POST", url: new URL("/oauth2/v1/token", domainUrl2), headers, body };
  return "basic" in requester ? { ...request, headers: { ...headers, authorization: `Basic ${requester.basic.reveal()}` } } : { ...request, headers: signRequest(request, sessionKey(requester), now) };
}
function processTokenResponse(response, requester, secrets) {
  let { status, text, attempts } = response, requestId = requestIdOf(response);
  if (isRetryableStatus(status)) throw new ServiceRefusal("domain", { status, requestId, attempts });
  if (status !== 200 && status < 400) throw malformed(describeStatus(status), response);
  if (status === 404) throw malformed("status 404: there is no token endpoint at this address", response);
  let members = parseObject(text);
  if (members === void 0) throw malformed(`status ${status} and a body that is no JSON object`, response);
  let code = toText(members.error);
  if (status === 200 && (code === "" || members.token || members.access_token)) return members;
  let description = members.error_description ?? members.detail, own = "basic" in requester ? [requester.clientSecret, requester.basic] : [requester.token], reason = quoteRefusal(code, description, [...secrets, ...own]);
  throw new ServiceRefusal("domain", { status, code, text: reason, requestId, attempts });
}
function malformed(what, response) {
  let { status } = response, message = describeHtmlPage(response, "the domain") ?? `The domain responded with ${what}.`;
  return titled("OCI_RESPONSE_MALFORMED", message, { status, requestId: requestIdOf(response) });
}
function requestIdOf(response) {
  return requestIdFrom(response, "opc-request-id", "x-oracle-dms-ecid");
}

// src/targets/terraform.ts
import path2 from "node:path";

// src/inputs/conflicts.ts
import path from "node:path";

// src/inputs/ocir-parsers.ts
function registries(raw) {
  let hosts = splitList(raw), wrong = hosts.filter(
    (host) => !/^(localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+)(:\d{1,5})?$/.test(host)
  );
  return wrong.length === 0 && hosts.length > 0 ? [...new Set(hosts)] : invalid(`must contain only host names of registries, such as fra.ocir.io, in lower case, without https:// and without a path; not ${quoted(wrong.join(", "))}`);
}

// src/inputs/oke-parsers.ts
var CLUSTER = /^ocid1\.cluster\.[a-z0-9]+\.([a-z0-9-]+)\.([a-z0-9-]*\.)?[a-z0-9]{1,100}$/, SHORT_NAMES = { iad: "us-ashburn-1", phx: "us-phoenix-1" };
function clusters(raw) {
  let ids = [...new Set(splitList(raw))];
  return ids.length === 0 ? invalid("must contain the OCID of a cluster") : ids.map((id) => {
    let [, name = ""] = CLUSTER.exec(id) ?? [];
    if (name === "")
      return invalid(`must contain only OCIDs of clusters, ocid1.cluster.oc1.…, not ${quoted(id)}`);
    let realmDomain = domainOf(realmOf(id));
    return realmDomain === void 0 ? invalid(`must be in a realm whose hosts this version knows, not ${quoted(realmOf(id))}`) : { id, realmDomain, region: SHORT_NAMES[name] ?? (/-\d+$/.test(name) ? name : void 0) };
  });
}
function server(raw) {
  let url = endpoint(raw);
  return url.protocol === "https:" ? url : invalid("must begin with https://");
}

// src/inputs/trust-rule.ts
function trustRules(raw) {
  let lines = raw.split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line, index) => {
    let [position, number] = lines.length > 1 ? [` (rule ${index + 1})`, ` ${index + 1}`] : ["", ""];
    return CONTROL.test(line) ? invalid(`must be text without control characters${position}, not ${quoted(line)}`) : { name: `\`trust-rule\`${number}`, ...parseRule(line) };
  });
}
function parseRule(line) {
  let [, claim = "", word2 = "", value = ""] = /^\s*(\S+) +(\S+)(?: (.*))?$/u.exec(line) ?? [], operator = word2 === "eq" || word2 === "co" ? word2 : void 0, unknown = (problem2) => ({ claim, operator: void 0, value, problem: problem2 });
  if (value.trim() === "") return unknown("is not of the form <claim> eq <value> or <claim> co <value>");
  if (operator === void 0)
    return unknown(`has the operator ${quoted(word2)}, but domains are known to have only eq and co`);
  if (/ (and|or) \S+ [a-z]{2} /i.test(value))
    return unknown('has more than one comparison, but domains are not known to have "and" and "or"');
  let problem = /^\s*["'`“”].*["'`“”]\s*$/.test(value) ? "has quotes around its value, and domains have been seen to treat the quotes as part of the value" : void 0;
  return { claim, operator, value, problem };
}

// src/inputs/schema.ts
var EXPORT_TARGETS = [
  "cli",
  "terraform",
  "terraform-session",
  "ansible",
  "resource-principal",
  "docker",
  "kubectl",
  "ocir"
], INPUTS = {
  "domain-url": { required: !0, parse: domainUrl },
  "client-auth": {
    default: "secret",
    parse: oneOf(["secret", "instance-principal", "oke-workload-identity"])
  },
  "client-id": { parse: clientId },
  // required with `client-auth` secret, like `client-secret`
  "client-secret": { secret: !0, parse: singleLine },
  region: { parse: region },
  // required unless `token-type` is none
  tenancy: { parse: tenancy },
  audience: { default: DEFAULT_AUDIENCE, parse: word },
  "token-type": { default: "upst", parse: oneOf(["upst", "rpst", "none"]) },
  "resource-type": { parse: word },
  "rpst-lifetime-seconds": { parse: integer(60, 43200) },
  "trust-rule": { parse: trustRules },
  profile: { default: "DEFAULT", parse: profileName },
  "config-file": { default: "~/.oci/config", parse: configFile },
  "overwrite-profile": { default: "false", parse: boolean },
  "export-for": { default: "cli", parse: choices(EXPORT_TARGETS) },
  "oke-cluster": { parse: clusters },
  // required with kubectl in `export-for`
  "oke-endpoint": { default: "public", parse: oneOf(["public", "private", "vcn-hostname"]) },
  "oke-server": { parse: server },
  "oke-merge": { default: "false", parse: boolean },
  "ocir-registries": { parse: registries },
  "ocir-login": { default: "false", parse: boolean },
  "output-credentials": { default: "true", parse: boolean },
  verify: { default: "false", parse: boolean },
  "verify-endpoint": { parse: endpoint },
  refresh: { default: "auto", parse: refreshMode },
  "minimum-lifetime-seconds": { parse: integer(1, 43200) },
  cleanup: { default: "true", parse: boolean },
  summary: { default: "always", parse: oneOf(["always", "on-failure", "never"]) },
  "retry-max-attempts": { default: "5", parse: integer(1, 20) },
  "request-timeout-seconds": { default: "15", parse: integer(1, 300) },
  "timeout-seconds": { default: "120", parse: integer(1, 3600) },
  "aws-role-arn": { parse: roleArn },
  "aws-region": { parse: region2 },
  "aws-token-source": { default: "client", parse: oneOf(["client", "session"]) },
  "aws-client-id": { parse: clientId },
  "aws-client-secret": { secret: !0, parse: singleLine },
  "aws-scope": { default: "/", parse: scope },
  "aws-audience": { default: "sts.amazon.com", parse: word },
  "aws-role-session-name": { parse: roleSessionName },
  "aws-role-duration-seconds": { default: "3600", parse: integer(900, 43200) },
  "aws-session-policy": { parse: sessionPolicy },
  "aws-managed-session-policies": { parse: managedSessionPolicies },
  "aws-allowed-account-ids": { parse: accountIds },
  "aws-profile": { parse: awsProfile },
  "aws-export-environment": { default: "true", parse: boolean },
  "aws-credential-source": { default: "session", parse: oneOf(["session", "web-identity"]) },
  "aws-sts-endpoint": { parse: endpoint }
};

// src/inputs/conflicts.ts
var NEED_ROLE = Object.keys(INPUTS).filter(
  (name) => name.startsWith("aws-") && name !== "aws-role-arn" && !("default" in INPUTS[name])
);
function findConflicts(values, { home }) {
  let checks = {
    ...clientChecks(values),
    ...values["token-type"] === "none" ? noSessionChecks(values) : sessionChecks(values, home),
    ...resourceChecks(values),
    ...kubectlChecks(values),
    ...values["aws-role-arn"] === void 0 ? unused(NEED_ROLE, "without `aws-role-arn`", values) : roleChecks(values)
  };
  return Object.keys(checks).filter((error) => checks[error]);
}
var EMPTY_SECRET = ": the secret is empty here. Check `environment` of the job";
function clientChecks(values) {
  let { "client-auth": kind, "client-id": id, "client-secret": secret, "token-type": type } = values, isSecret = kind === "secret", isSigned = kind && !isSecret;
  return {
    "`client-id` is required": isSecret && id === void 0,
    [`\`client-secret\` is required${EMPTY_SECRET}`]: isSecret && secret === void 0,
    ...unused(isSigned ? ["client-id", "client-secret"] : [], `with \`client-auth\` ${kind}`, values),
    ...unused(isSigned && type === "none" ? ["client-auth"] : [], "with `token-type` none", values),
    "`export-for` terraform does not support `client-auth` oke-workload-identity. Use terraform-session": kind === "oke-workload-identity" && values["export-for"]?.includes("terraform")
  };
}
function unused(names, why, values) {
  return Object.fromEntries(names.map((name) => [`\`${name}\` has no effect ${why}`, values[name]]));
}
var PROVIDER_RENEWS_EARLY_SECONDS = 300;
function sessionChecks(values, home) {
  let has = (target) => values["export-for"]?.includes(target), lifetime = values["rpst-lifetime-seconds"], file = `${values["config-file"]}`, configHome = path.isAbsolute(file) ? homeOfConfig(file) : home;
  return {
    "`export-for` can contain terraform or terraform-session, not both: they set the same variables": has("terraform") && has("terraform-session"),
    "`refresh` cannot be false with `export-for` terraform, because GitHub's token is valid for five minutes. Use terraform-session to sign with the session": has("terraform") && values.refresh === "never",
    [`\`rpst-lifetime-seconds\` must be more than ${PROVIDER_RENEWS_EARLY_SECONDS} with \`export-for\` terraform, whose provider renews a session that long before it expires`]: has("terraform") && lifetime && lifetime <= PROVIDER_RENEWS_EARLY_SECONDS,
    "`config-file` must end in .oci/config, the only file that `export-for` terraform-session reads": has("terraform-session") && path.isAbsolute(file) && configHome === void 0,
    "`config-file` must be the default with `export-for` docker: no other path is the same file for this machine and for Docker actions": has("docker") && configHome !== home,
    "`region` is required": values.region === void 0,
    [`\`config-file\` ${NO_HOME}, or give an absolute path`]: startsAtHome(file)
  };
}
function noSessionChecks(values) {
  let targets = (values["export-for"] ?? []).filter((target) => target !== "cli");
  return {
    [`\`export-for\` ${targets.join(", ")} needs a session, but \`token-type\` is none`]: targets.length > 0,
    "`token-type` none needs `aws-role-arn`": values["aws-role-arn"] === void 0,
    "`verify` needs a session, but `token-type` is none": values.verify,
    "`refresh` true with `token-type` none needs `aws-credential-source` web-identity": values.refresh === "always" && values["aws-credential-source"] === "session"
  };
}
function resourceChecks(values) {
  let isRpst = values["token-type"] === "rpst", isOther = ["upst", "none"].includes(values["token-type"]), needsOcir = values["export-for"]?.includes("ocir") === !1;
  return {
    "`resource-type` has no effect without `token-type` rpst": isOther && values["resource-type"],
    "`rpst-lifetime-seconds` has no effect without `token-type` rpst": isOther && values["rpst-lifetime-seconds"],
    "`resource-type` is required with `token-type` rpst": isRpst && values["resource-type"] === void 0,
    "`trust-rule` has no effect with `token-type` rpst: a trust for resources has no rules": isRpst && values["trust-rule"],
    "`ocir-registries` has no effect without `export-for` ocir": needsOcir && values["ocir-registries"],
    "`ocir-login` has no effect without `export-for` ocir": needsOcir && values["ocir-login"],
    "`verify-endpoint` has no effect without `verify`": values.verify === !1 && values["verify-endpoint"]
  };
}
function kubectlChecks(values) {
  let { "oke-cluster": clusters2, "oke-endpoint": endpoint2, "oke-server": server2 } = values, isWanted = values["export-for"]?.includes("kubectl"), isUnwanted = values["export-for"] && !isWanted, why = "has no effect without `export-for` kubectl";
  return {
    "`oke-cluster` is required with `export-for` kubectl": isWanted && clusters2 === void 0,
    "`oke-server` needs a single cluster in `oke-cluster`": server2 && clusters2 && clusters2.length > 1,
    [`\`oke-cluster\` ${why}`]: isUnwanted && clusters2,
    [`\`oke-endpoint\` ${why}`]: isUnwanted && endpoint2 && endpoint2 !== "public",
    [`\`oke-server\` ${why}`]: isUnwanted && server2,
    [`\`oke-merge\` ${why}`]: isUnwanted && values["oke-merge"]
  };
}
function roleChecks(values) {
  let has = (name) => values[name] !== void 0, { "aws-role-arn": role, "aws-region": region3, "aws-allowed-account-ids": allowed } = values, [given, missing] = has("aws-client-id") ? ["id", "secret"] : ["secret", "id"], why = "needs `aws-credential-source` session: with web-identity, later steps assume the whole role", isWebIdentity = values["aws-credential-source"] === "web-identity", isHidden = values["aws-export-environment"] === !1 && values["output-credentials"] === !1;
  return {
    "`aws-region` is required with `aws-role-arn`": !has("aws-region"),
    [`\`aws-region\` ${region3} is not in partition ${role?.partition} of \`aws-role-arn\``]: role && region3 && partitionOf(region3) !== role.partition,
    [`\`aws-client-${missing}\` is required with \`aws-client-${given}\``]: has("aws-client-id") !== has("aws-client-secret"),
    [`\`aws-role-arn\` is in account ${role?.accountId}, which \`aws-allowed-account-ids\` does not list`]: role && allowed && !allowed.includes(role.accountId),
    [`\`aws-session-policy\` ${why}`]: isWebIdentity && has("aws-session-policy"),
    [`\`aws-managed-session-policies\` ${why}`]: isWebIdentity && has("aws-managed-session-policies"),
    ...tokenSourceChecks(values),
    "`aws-export-environment` false needs `aws-profile` or `output-credentials`, or no step gets the role": isHidden && !has("aws-profile")
  };
}
function tokenSourceChecks(values) {
  let { "client-auth": kind, "aws-token-source": source, "token-type": type } = values, client = ["aws-client-id", "aws-client-secret"], isSession = source === "session";
  return {
    "`aws-token-source` session needs `token-type` upst": isSession && type && type !== "upst",
    "`aws-token-source` session needs `aws-credential-source` session": isSession && values["aws-credential-source"] === "web-identity",
    ...unused(isSession ? client : [], "with `aws-token-source` session", values),
    [`\`aws-client-id\` and \`aws-client-secret\` are required with \`client-auth\` ${kind}, or \`aws-token-source\` session`]: source === "client" && kind && kind !== "secret" && client.every((name) => values[name] === void 0)
  };
}

// src/targets/target.ts
function warningAbout(names, effect) {
  let verb = names.length > 1 ? "are" : "is";
  return names.length > 0 ? [`${names.join(", ")} ${verb} set in this job${effect}`] : [];
}

// src/targets/terraform.ts
function terraformExports(context) {
  let { domainUrl: domainUrl2, directory, env } = context, { region: region3, resource, configFile: configFile2 } = context.oci, isWindows = context.platform === "win32", idTokenFile = path2.join(directory, "github-id-token"), variables = {
    OCI_AUTH: "WorkloadIdentityFederation",
    OCI_REGION: region3,
    OCI_WORKLOAD_IDENTITY_TOKEN_PATH: idTokenFile,
    OCI_TOKEN_EXCHANGE_DOMAIN_URL: domainUrl2.origin,
    // the provider rejects a path, even a slash
    ...clientVariables(context),
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: "jwt",
    OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    ...resource && { OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: resource.type },
    ...resource?.lifetimeSeconds && { OCI_TOKEN_EXCHANGE_RPST_EXP: String(resource.lifetimeSeconds) },
    OCI_CONFIG_FILE_PROFILE: "",
    // the job may have set it for another tool: the provider fails if its own config lacks that profile
    ...withoutFallback(context),
    ...isWindows ? {} : backendVariables(context)
  }, warning = "`export-for` terraform: on Windows, Terraform's `oci` state backend reads the variables of the provider and cannot log in with them. If you use it, choose terraform-session.", note = `Nothing is exported for Terraform's \`oci\` state backend, which reads only .oci/config in a home directory, not ${configFile2}.`, hasNoBackend = !isWindows && homeOfConfig(configFile2) === void 0;
  return {
    variables,
    files: { idTokenFile },
    warnings: [...overriddenBy(variables, env), ...isWindows ? [warning] : []],
    notes: hasNoBackend ? [note] : []
  };
}
function clientVariables({ client, env }) {
  let [id, secret] = ["OCI_TOKEN_EXCHANGE_CLIENT_ID", "OCI_TOKEN_EXCHANGE_CLIENT_SECRET"];
  return client.kind === "secret" ? {
    OCI_TOKEN_EXCHANGE_AUTH: "OAuthClientCredentials",
    [id]: client.clientId,
    [secret]: client.clientSecret
  } : {
    OCI_TOKEN_EXCHANGE_AUTH: "InstancePrincipal",
    ...env(id) && { [id]: "" },
    ...env(secret) && { [secret]: "" }
  };
}
function terraformSessionExports(context) {
  let variables = {
    OCI_AUTH: "SecurityToken",
    OCI_CONFIG_FILE_PROFILE: context.oci.profile,
    OCI_REGION: context.oci.region,
    ...withoutFallback(context),
    ...homeOverride("TF_HOME_OVERRIDE", context, context.account ?? context.home),
    ...backendVariables(context)
  };
  return { variables, warnings: overriddenBy(variables, context.env) };
}
function withoutFallback({ env, oci }) {
  return { OCI_TENANCY_OCID: env("OCI_TENANCY_OCID") || oci.tenancy || "none", OCI_USER_OCID: "none", OCI_FINGERPRINT: "none" };
}
function backendVariables(context) {
  let { configFile: configFile2, profile, region: region3 } = context.oci;
  if (homeOfConfig(configFile2) === void 0) return {};
  let override = homeOverride("OCI_HOME_OVERRIDE", context, context.home);
  return context.platform === "win32" ? override : { OCI_auth: "SecurityToken", OCI_config_file_profile: profile, OCI_region: region3, ...override };
}
function homeOverride(name, { oci, env }, usual) {
  let wanted = homeOfConfig(oci.configFile);
  if (wanted === void 0) return {};
  let found = env(name) || usual;
  return found !== void 0 && path2.relative(wanted, found) === "" ? {} : { [name]: wanted };
}
var HARMLESS = ["TF_VAR_region", "TF_VAR_tenancy_ocid"];
function overriddenBy(variables, env) {
  let names = Object.entries(variables).flatMap(([name, value]) => {
    let override = `TF_VAR_${name.replace(/^OCI_/, "").toLowerCase()}`;
    return /^OCI_[A-Z_]+$/.test(name) && !HARMLESS.includes(override) && env(override) && env(override) !== value ? [override] : [];
  });
  return warningAbout(names, ", and Terraform's provider reads TF_VAR_ variables before those of `export-for`. Remove them.");
}
function adviseOnTerraform(exportFor, lifetimeMs) {
  if (lifetimeMs > PROVIDER_RENEWS_EARLY_SECONDS * 1e3) return {};
  let granted = `OCI granted a session of ${Math.round(lifetimeMs / 1e3)} s.`;
  return exportFor.includes("terraform") ? {
    warning: `${granted} Terraform's provider treats a session as expired five minutes early, so it cannot use this one. Set \`export-for\` to terraform-session.`
  } : exportFor.includes("terraform-session") ? {
    note: `${granted} Terraform's provider (5.12.0 and later) and its \`oci\` backend read each renewed token. Older providers fail when the session ends.`
  } : {};
}

// src/login/oci-session.ts
function proofOf({
  sessionToken: { token },
  keyPair: { privateKeyPem }
}) {
  return { token, privateKeyPem };
}
var FRESH_SHARE = 1 / 5;
async function openOciSession(deps, config) {
  let { runner, clock } = deps, { oci } = config, source = deps.findIdTokens();
  oci.verify && oci.tenancy && !oci.verifyEndpoint && objectStorageOf(oci.region, oci.tenancy);
  let keyPair = deps.keyPair.then((pair) => (runner.mask(pair.privateKeyPem), pair)), { sessionToken, serverTime, idToken } = await requestSessionToken(deps, config, source, keyPair), now = clock.now(), { expiresAt } = sessionToken, clockSkewMs = clockSkew(now, serverTime), lifetime = oci.resource?.lifetimeSeconds, terraform = adviseOnTerraform(oci.exportFor, expiresAt - clockSkewMs - now), experimental = adviseOnSigner(config.client.kind, oci.resource);
  experimental !== void 0 && runner.info(experimental);
  let advice = [
    lifetime === void 0 ? void 0 : adviseOnLifetime(lifetime, expiresAt, now, serverTime),
    adviseOnClock(now, serverTime),
    terraform.warning
  ];
  for (let text of advice) text !== void 0 && runner.warning(text);
  return terraform.note !== void 0 && runner.info(terraform.note), { sessionToken, keyPair: await keyPair, idToken, clockSkewMs };
}
async function requesterOf(deps, { client }) {
  return client.kind === "secret" ? client : deps.requestSigner(deps, client.kind);
}
async function exchangeToken(deps, config, { source, first, publicKey: { publicKeyBase64 }, requester }) {
  let { runner, http, clock } = deps, { domainUrl: domainUrl2, oci } = config, action = "Requesting the session token", freshUntil = clock.now() + first.lifetimeMs * FRESH_SHARE, { response, idToken } = await http.retry({ label: "the session token" }, async () => {
    let idToken2 = clock.now() <= freshUntil ? first : await source.request(deps, oci.audience), exchange = { subjectToken: idToken2.jwt, publicKeyBase64, resource: oci.resource }, request = tokenExchangeRequest({ domainUrl: domainUrl2, requester }, exchange, clock.now());
    return { idToken: idToken2, response: await http.send(request) };
  }).catch((error) => {
    throw explainTransport(error, "domain", action);
  });
  try {
    let exchanged = processTokenExchangeResponse(response, requester, idToken.jwt);
    return runner.mask(exchanged.token), { ...exchanged, idToken };
  } catch (error) {
    throw await explainFailure(
      error,
      "domain",
      action,
      (refusal) => explainExchangeRefusal(http, refusal, {
        ...config,
        requester,
        idToken,
        advice: source.adviseOn(idToken.claims)
      })
    );
  }
}
async function requestSessionToken(deps, config, source, key) {
  let [first, publicKey, requester] = await Promise.all([
    source.request(deps, config.oci.audience),
    key,
    requesterOf(deps, config)
  ]), exchanged = await exchangeToken(deps, config, { source, first, publicKey, requester }), sessionToken = parseSessionToken(exchanged.token, config.oci.resource, exchanged.requestId);
  return assertCurrent(sessionToken, deps.clock.now(), exchanged.serverTime), assertTenancy(sessionToken, config.oci.tenancy), assertBindsKey(sessionToken, publicKey), { ...exchanged, sessionToken };
}

export {
  regionalSts,
  realmOf,
  domainOfTenancy,
  isOracleHost,
  isIdentityHost,
  similarRegions,
  INPUTS,
  diagnosticClaims,
  adviseOnJob,
  findConflicts,
  warningAbout,
  terraformExports,
  terraformSessionExports,
  parseSessionToken,
  assertTenancy,
  assertBindsKey,
  clockSkew,
  assertCurrent,
  objectStorageOf,
  namespaceRequest,
  NAMESPACE_CALL,
  processNamespaceResponse,
  adviseOnLifetime,
  adviseOnSigner,
  adviseOnClock,
  accessTokenRequest,
  processAccessTokenResponse,
  proofOf,
  openOciSession,
  requesterOf,
  exchangeToken,
  requestSessionToken
};
