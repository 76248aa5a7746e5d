import {
  objectStorageOf,
  verifySession
} from "./chunk-HADZ6JEU.js";
import "./chunk-YUSSJMBG.js";
import "./chunk-3NWEGKYM.js";
import "./chunk-GP2MGIB5.js";
import "./chunk-G23HI47S.js";

// src/usecase/verify-session.ts
function planVerification(parts, { region, tenancy, verifyEndpoint }) {
  let { runner, http } = parts, known = verifyEndpoint ?? (tenancy === void 0 ? void 0 : objectStorageOf(region, tenancy));
  return known !== void 0 && http.expect(known), async ({ upst, keyPair }) => {
    let endpoint = known ?? objectStorageOf(region, upst.tenancy), { token } = upst, { privateKeyPem } = keyPair, { namespace, requestId } = await verifySession(parts, endpoint, { token, privateKeyPem });
    runner.info(
      `OCI accepts the session (object storage namespace ${namespace}, request id ${requestId ?? "(none given)"}).`
    );
  };
}
export {
  planVerification
};
