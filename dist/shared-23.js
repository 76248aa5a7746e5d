// src/oci/session-advice.ts
function adviseOnLifetime(requestedSeconds, expiresAt, now, serverTime = now) {
  let end = new Date(expiresAt).toISOString();
  if (requestedSeconds === void 0) {
    let left = expiresAt - now;
    return left >= 9e5 ? void 0 : `The session ends in ${Math.round(left / 6e4)} min, at ${end}. If the job needs it longer, use \`refresh: auto\` or \`true\`.`;
  }
  let granted = Math.round((expiresAt - serverTime) / 1e3), isAbout = (seconds) => Math.abs(granted - seconds) <= 5;
  if (isAbout(requestedSeconds)) return;
  let text = `OCI granted a session of ${granted} s (until ${end}); \`rpst-lifetime-seconds\` requests ${requestedSeconds} s`, unit = "OCI seems to count minutes: 60 is then an hour.";
  return isAbout(requestedSeconds * 60) ? `${text}: sixty times as long. ${unit}` : isAbout(43200) ? `${text}: the maximum instead. ${unit}` : isAbout(requestedSeconds / 60) ? `${text}: a sixtieth, as if OCI converted seconds to minutes.` : `${text}.`;
}
function adviseOnSigner(kind, resource) {
  if (!(kind === "secret" || kind === "instance-principal" && resource))
    return `\`client-auth\` ${kind} with \`token-type\` ${resource ? "rpst" : "upst"} is experimental: which permission the domain requires is not documented.`;
}
function adviseOnClock(now, serverTime) {
  let skew = serverTime === void 0 ? 0 : now - serverTime;
  if (Math.abs(skew) <= 6e4) return;
  let direction = skew > 0 ? "ahead of" : "behind";
  return `This machine's clock is ${Math.round(Math.abs(skew) / 1e3)} s ${direction} the domain's; OCI refuses requests if the difference exceeds 5 min.`;
}

export {
  adviseOnLifetime,
  adviseOnSigner,
  adviseOnClock
};
