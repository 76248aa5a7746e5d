import {
  objectStorageOf,
  verifySession
} from "./chunk-XD46MUO2.js";
import "./chunk-IXX45SP7.js";
import "./chunk-3NWEGKYM.js";
import "./chunk-CZ73XQM7.js";
import "./chunk-BDTGGKSB.js";

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
