import {
  isOfDomain,
  show
} from "./shared-7.js";
import {
  isOracleHost
} from "./shared-9.js";
import {
  discoveryAddress,
  unavailable
} from "./shared-3.js";
import {
  TransportError
} from "./shared-14.js";
import {
  isRetryableStatus,
  parseObject,
  quote
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";

// src/diagnosis/sts-refusal.ts
var CODES = /* @__PURE__ */ new Map([
  ["AccessDenied", "AWS_ACCESS_DENIED"],
  ["InvalidIdentityToken", "AWS_IDENTITY_TOKEN_INVALID"],
  ["IDPRejectedClaim", "AWS_IDENTITY_TOKEN_INVALID"],
  ["ExpiredToken", "AWS_TOKEN_EXPIRED"],
  ["IDPCommunicationError", "AWS_IDP_UNREACHABLE"],
  ["MalformedPolicyDocument", "AWS_POLICY_MALFORMED"],
  ["PackedPolicyTooLarge", "AWS_POLICY_TOO_LARGE"]
]);
async function explainStsRefusal(http, refusal, context, identity) {
  let { code: stsCode, status, requestId } = refusal;
  if (/^(Throttling|RequestLimitExceeded)$/.test(stsCode)) return unavailable(refusal);
  let { role } = context.aws, { issuer, audience, subject } = identity, facts = { iss: issuer, aud: audience, sub: subject, role: role.arn }, message = `STS refused role ${role.arn} (${status} ${refusal.text}).`, code = CODES.get(stsCode) ?? "AWS_REQUEST_INVALID", details = { status, requestId, facts };
  if (code === "AWS_IDENTITY_TOKEN_INVALID") {
    let cause = await causeOfInvalidToken(http, refusal, context, identity);
    return titled(cause.code, `${message} ${cause.text}`, { ...details, remedy: cause.remedy });
  }
  if (code !== "AWS_ACCESS_DENIED") return titled(code, message, details);
  let token = `The token has iss=${issuer} sub=${subject}, and the expected aud=${audience}.`;
  return titled(code, `${message} ${token}`, {
    ...details,
    logOnly: token,
    details: [ABOUT_SUBJECT],
    snippets: [trustPolicy(role, identity)]
  });
}
var ABOUT_SUBJECT = "`sub` is the application; with `aws-token-source: session`, the user. The OIDC provider in the policy must exist in IAM.";
async function causeOfInvalidToken(http, { text, code: stsCode }, { domainUrl, aws: { role, audience: wanted } }, identity) {
  let { issuer, audience, subject, roles } = identity, token = `The token has iss=${issuer} aud=${audience} sub=${subject}.`, code = "AWS_IDENTITY_TOKEN_INVALID";
  if (roles !== void 0 && !roles.includes(role.arn))
    return {
      code,
      text: `The token's claim \`https://aws.amazon.com/roles\` is ${show(roles)}.`,
      remedy: "Add this role to the claim `https://aws.amazon.com/roles` of the token."
    };
  if (/token audience/i.test(text))
    return audience === wanted ? { code, text: token, remedy: LIST_AUDIENCE } : { code: "AWS_AUDIENCE_MISMATCH", text: `AWS compared the token's authorized party (\`azp\`), ${show(audience)}, instead of its audience.` };
  if (/no openidconnect provider/i.test(text) && !isOfDomain(issuer, domainUrl.origin))
    return { code: "AWS_ISSUER_UNUSABLE", text: `${token} The issuer is not \`domain-url\`.` };
  if (stsCode !== "InvalidIdentityToken" || /no openidconnect provider/i.test(text)) return { code, text: token };
  try {
    return await assertKeyPublished(http, identity, domainUrl), { code, text: token, remedy: /verification key/i.test(text) ? FETCH_AGAIN : void 0 };
  } catch (error) {
    if (error instanceof ActionError) return { code: error.code, text: error.evidence ?? error.message };
    if (!(error instanceof TransportError)) throw error;
    let reason = `Whether AWS can read the domain's keys could not be checked from here: ${error.message}.`;
    return { code, text: `${token} ${reason}` };
  }
}
var LIST_AUDIENCE = "Add the audience to the client ID list of the IAM OIDC provider.", FETCH_AGAIN = "Run the job again: AWS could not fetch the keys of the domain, but the runner can.";
async function assertKeyPublished(http, { issuer, keyId }, domainUrl) {
  let url = new URL(discoveryAddress(issuer));
  if (!isOfDomain(issuer, domainUrl.origin) && !isOracle(url)) {
    let text2 = `The token's issuer is ${show(issuer)}, which is neither \`domain-url\` nor a host of Oracle's.`;
    throw titled("AWS_ISSUER_UNUSABLE", text2);
  }
  let discovery = await fetchPublic(http, url);
  if (discovery.issuer !== issuer) {
    let text2 = `The discovery document names issuer ${show(discovery.issuer)}; AWS needs exactly ${issuer}.`;
    throw titled("AWS_ISSUER_UNUSABLE", text2);
  }
  let { ids, address } = await fetchSigningKeys(http, discovery, url.origin);
  if (ids.length > 0 && (keyId === void 0 || ids.includes(keyId))) return;
  let text = `The key ${show(keyId)} is not among those at ${quote(address, [])}.`;
  throw titled("AWS_SIGNING_KEYS_HIDDEN", text);
}
async function fetchSigningKeys(http, { jwks_uri: address }, origin) {
  let url = typeof address == "string" && URL.canParse(address) ? new URL(address) : null;
  if (url === null)
    throw titled("AWS_SIGNING_KEYS_HIDDEN", "The discovery document does not name the address of the signing keys.");
  if (url.origin !== origin && !isOracle(url)) {
    let text = `the discovery document names ${show(address)} for the keys, which is neither of the issuer nor of Oracle and was not fetched`;
    throw new TransportError("unusable", text);
  }
  let { keys } = await fetchPublic(http, url);
  return { ids: Array.isArray(keys) ? keys.map((key) => key?.kid) : [], address: url.href };
}
function isOracle({ protocol, hostname, port }) {
  return protocol === "https:" && port === "" && isOracleHost(hostname);
}
var TIMEOUT_MS = 4e3;
async function fetchPublic(http, url) {
  let request = { method: "GET", url, headers: { accept: "application/json" } }, { status, text } = await http.send(request, { timeoutMs: TIMEOUT_MS }), members = status === 200 ? parseObject(text) : void 0;
  if (members !== void 0) return members;
  if (status === 403 || isRetryableStatus(status))
    throw new TransportError("unusable", `${url.href} responded with ${status}`);
  let got = status === 200 ? "something that is no JSON object" : `status ${status}`;
  throw titled("AWS_SIGNING_KEYS_HIDDEN", `Without credentials, ${url.href} sends ${got}.`);
}
function trustPolicy({ partition, accountId }, { issuer, audience, subject }) {
  let provider = issuer.replace(/^https:\/\//, ""), policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${provider}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: subject } }
      }
    ]
  };
  return { title: "The statement, in a whole trust policy", language: "json", text: JSON.stringify(policy, void 0, 2), isFolded: !1 };
}

export {
  explainStsRefusal,
  fetchSigningKeys
};
