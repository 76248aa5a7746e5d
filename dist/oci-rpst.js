import "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/oci/rpst.ts
var TOLERANCE_SECONDS = 5;
function adviseOnGrantedLife(asked, { expiresAt }, serverTime) {
  let granted = Math.round((expiresAt - serverTime) / 1e3), isAbout = (seconds) => Math.abs(granted - seconds) <= TOLERANCE_SECONDS;
  if (isAbout(asked)) return;
  let until = `until ${new Date(expiresAt).toISOString()}`, what = `OCI gave a session of ${granted} s (${until}), not of ${asked} s as \`rpst-lifetime-seconds\` asks`;
  return isAbout(asked * 60) ? `${what}: sixty times as long, as if it counted in minutes.` : isAbout(asked / 60) ? `${what}: a sixtieth, as if it had turned seconds into minutes.` : `${what}.`;
}
export {
  adviseOnGrantedLife
};
