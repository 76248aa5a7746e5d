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
  systemClock
};
