import "./shared-by-refresh-refresher+run-login.js";
import "./shared-by-post+refresh-refresher+run-login.js";
import {
  objectStorageOf,
  verifySession
} from "./shared-by-doctor+login-verify-session.js";
import "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/login/verify-session.ts
function planVerification(parts, { region, tenancy, verifyEndpoint }) {
  let { runner, http } = parts, known = verifyEndpoint ?? (tenancy === void 0 ? void 0 : objectStorageOf(region, tenancy));
  return known !== void 0 && http.preconnect(known), async ({ upst, keyPair }) => {
    let endpoint = known ?? objectStorageOf(region, upst.tenancy), { token } = upst, { privateKeyPem } = keyPair, { namespace, requestId } = await verifySession(parts, endpoint, { token, privateKeyPem });
    runner.info(
      `OCI accepts the session (object storage namespace ${namespace}, request id ${requestId ?? "(none given)"}).`
    );
  };
}
export {
  planVerification
};
