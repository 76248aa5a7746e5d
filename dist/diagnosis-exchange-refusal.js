import {
  diagnosticClaims
} from "./shared-by-diagnosis-exchange-refusal+doctor.js";
import "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import {
  ActionError
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  quote
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

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
var BORDER = /[/:@]/, MAX_SEGMENT = 60;
function segment(characters, at) {
  let isBorder = (index) => BORDER.test(characters[index] ?? ""), from = at;
  for (; from > 0 && !isBorder(from) && !isBorder(from - 1); ) from -= 1;
  let to = at + 1;
  for (; to < characters.length && !isBorder(to); ) to += 1;
  return characters.slice(from, to).join("");
}
var bare = (text) => text.replace(/["'`“”]/g, "");
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

// src/diagnosis/trust-template.ts
var USER_ID = "<SCIM id of the service user>", USER_OCID = "<OCID of the service user>", TRUST_ID = "<id of the trust>", SCHEMA = "urn:ietf:params:scim:schemas:oracle:idcs:IdentityPropagationTrust", PATCH_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp", COMMAND = "oci identity-domains identity-propagation-trust";
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
    ...principalOf(job)
  };
}
function principalOf(job) {
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

// src/diagnosis/exchange-refusal.ts
function explainExchangeRefusal(refusal, context) {
  let { text, status, requestId } = refusal, code = errorCode(refusal, context), message = `The domain refused the exchange (${status}): ${text || "no reason given"}.`;
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
var DESPITE_MATCH = {
  OCI_NO_RULE_MATCHED: "so the trust does not hold it as given here (overwritten by a later PATCH, or quoted there), or the user that it names no longer exists",
  OCI_NOT_A_SERVICE_USER: "so only the user that it names is wrong",
  OCI_EXCHANGE_REJECTED: "so the rule is not the cause: check the trust (active, issuer), its client claim and its OAuth clients"
};
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
export {
  explainExchangeRefusal
};
