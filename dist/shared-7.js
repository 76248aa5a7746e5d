import {
  decodeJwt,
  decodeProtectedHeader
} from "./shared-3.js";
import {
  isPrintable,
  isShallow,
  isTime,
  quote
} from "./shared-27.js";
import {
  ActionError,
  titled
} from "./shared-13.js";

// src/aws/web-identity.ts
var SHARED_ISSUER = "https://identity.oraclecloud.com/";
function readWebIdentity(token, expected, now) {
  let { claims, ...identity } = decodeAccessToken(token, now), issuer = assertIssuer(claims, expected.domainUrl);
  return { ...identity, issuer, audience: assertAudience(claims, expected) };
}
function decodeAccessToken(token, now) {
  let { claims, keyId } = decode(token), { sub: subject, exp, "https://aws.amazon.com/roles": roles } = claims;
  if (!isPrintable(subject) || !isTime(exp))
    throw titled("OCI_RESPONSE_MALFORMED", "The domain's access token lacks `sub` or `exp`.");
  let expiresAt = exp * 1e3;
  if (expiresAt <= now)
    throw new ActionError("AWS_TOKEN_EXPIRED", "The domain's access token has expired already.");
  return { token, claims, subject, expiresAt, keyId, roles: roles === void 0 ? roles : [roles].flat() };
}
function decode(token) {
  try {
    return { claims: decodeJwt(token.reveal()), keyId: decodeProtectedHeader(token.reveal()).kid };
  } catch {
    throw titled("OCI_RESPONSE_MALFORMED", "The domain's access token is no JWT.");
  }
}
function assertIssuer({ iss }, { origin }) {
  if (isOfDomain(iss, origin)) return iss;
  let why = whyUnusable(iss);
  if (why === void 0 && isPrintable(iss)) return iss;
  let text = `The token's issuer is ${show(iss)}${why}. AWS needs ${origin}, with or without a slash at the end.`;
  throw titled("AWS_ISSUER_UNUSABLE", text);
}
function isOfDomain(issuer, origin) {
  return issuer === origin || issuer === `${origin}/`;
}
function whyUnusable(issuer) {
  return issuer === SHARED_ISSUER ? ", the default that all tenancies share" : !isPrintable(issuer) || !/^https:\/\/[^/]/.test(issuer) || !URL.canParse(issuer) ? "" : /^https:\/\/[^/]*:\d*(\/|$)/.test(issuer) ? "; the URL of an IAM provider has no port" : void 0;
}
var MAX_SHOWN = 5;
function assertAudience({ aud, azp, scope }, requested) {
  let { audience } = requested, audiences = [...new Set([aud].flat())], others = audiences.filter((one) => one !== audience), hasWanted = others.length < audiences.length;
  if (hasWanted && others.length === 0) return isPrintable(azp) ? azp : audience;
  let facts = { aud: show(aud), scope: show(scope), "aws-scope": requested.scope };
  if (!hasWanted) {
    let text2 = `The token's audience is ${show(aud)}; \`aws-audience\` is ${show(audience)}.`;
    throw titled("AWS_AUDIENCE_MISMATCH", text2, { facts });
  }
  let scopes = `${requested.scope} ${typeof scope == "string" ? scope : ""}`.split(" "), causes = others.slice(0, MAX_SHOWN).map((other) => {
    let cause = scopes.find((one) => typeof other == "string" && one.startsWith(other));
    return cause === void 0 ? show(other) : `${show(other)} (scope ${cause})`;
  }), text = `Besides ${show(audience)}, the token has the audience ${quote(causes.join(", "), [])}; AWS accepts only one.`, from = `\`aws-scope\` is ${show(requested.scope)}; the token's scopes are ${show(scope)}.`;
  throw titled("AWS_AUDIENCE_MISMATCH", `${text} ${from}`, { facts });
}
function show(value) {
  return isShallow(value) ? value === void 0 ? "(none)" : quote(JSON.stringify(value), []) : "(nested too deep)";
}

export {
  readWebIdentity,
  decodeAccessToken,
  assertIssuer,
  isOfDomain,
  assertAudience,
  show
};
