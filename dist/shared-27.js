import {
  isMaskable
} from "./shared-28.js";

// src/response.ts
var MAX_QUOTED = 300, MAX_DEPTH = 32;
function parseJson(text) {
  try {
    let value = JSON.parse(text);
    return isShallow(value) ? value : void 0;
  } catch {
    return;
  }
}
function isShallow(value, depth = MAX_DEPTH) {
  return typeof value != "object" || value === null ? !0 : depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
function parseObject(text) {
  let value = parseJson(text);
  if (!(typeof value != "object" || value === null || Array.isArray(value)))
    return value;
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
function isJwt(token) {
  return typeof token == "string" && /^[\w+/=-]+\.[\w+/=-]+\.[\w+/=-]*$/.test(token);
}
function isTime(value) {
  return typeof value == "number" && Math.abs(value) <= 864e10;
}
function toText(value) {
  return typeof value == "string" ? value : value == null || !isShallow(value) ? "" : JSON.stringify(value);
}
function quote(text, secrets) {
  let safe = text;
  for (let secret of secrets) {
    let value = secret.reveal(), inForm = new URLSearchParams([["", value]]).toString().slice(1), spellings = [value, Buffer.from(value).toString("base64"), encodeURIComponent(value), inForm];
    for (let spelling of spellings.filter(isMaskable)) safe = safe.replaceAll(spelling, String(secret));
  }
  return safe = withoutCommands(safe.replace(/[\p{Cc}\s]+/gu, " ")).replace(/:(?=:)/g, ": ").trim(), (safe.length > MAX_QUOTED ? `${safe.slice(0, MAX_QUOTED)}…` : safe).replace(/\.$/, "");
}
function withoutCommands(text) {
  return text.replace(/(?!\u001b\[\d+m)[\p{Cc}\u2028\u2029]/gu, " ").replace(/(##\w*)\[/g, "$1 [").replace(/^\s*:(?=:)/, "$& ");
}
function quoteRefusal(code, description, secrets) {
  return quote([code, description].map(toText).filter(Boolean).join(": "), secrets);
}
function describeHtmlPage(response, service) {
  let { host = "A server", status } = response;
  if (status === 404 || status >= 300 && status < 400) return;
  let start = response.text.slice(0, 1e3), isPage = /^\s*(<!--[^>]*-->\s*)*<(!doctype html|html|head|body)\b/i.test(start), isText = /^text\/html/i.test(headerText(response, "content-type") ?? "") && !/^\s*[<{["]/.test(start);
  if (!(!isPage && !isText))
    return `${host} responded with an HTML page (status ${status}): a proxy or gateway responded in place of ${service}.`;
}
function describeStatus(status) {
  return status >= 300 && status < 400 ? `a redirect (${status}), which is never followed` : `status ${status}`;
}
function isNotAuthorized(status, code) {
  return (status === 403 || status === 404) && /^NotAuthorized(OrNotFound)?$/.test(code);
}
function isRetryableStatus(status) {
  return status === 408 || status === 429 || status >= 500;
}

export {
  parseJson,
  isShallow,
  parseObject,
  headerText,
  serverTimeOf,
  requestIdFrom,
  isPrintable,
  isJwt,
  isTime,
  toText,
  quote,
  withoutCommands,
  quoteRefusal,
  describeHtmlPage,
  describeStatus,
  isNotAuthorized,
  isRetryableStatus
};
