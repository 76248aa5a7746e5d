// src/profile/doors/resource-principal.ts
import path from "node:path";
function variablesForResourcePrincipal({ tokenFile, keyFile }, region) {
  return {
    OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
    OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
    OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
    OCI_RESOURCE_PRINCIPAL_REGION: region
  };
}
var PASSPHRASE = "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE";
function adviseOnPassphrase(env) {
  return env(PASSPHRASE) ? `${PASSPHRASE} is set in this job, but the key of this session has no passphrase: remove it.` : void 0;
}
function isSecretByValue(name, value) {
  return /^OCI_RESOURCE_PRINCIPAL_(RPST|PRIVATE_PEM)$/.test(name) && !path.isAbsolute(value);
}

export {
  variablesForResourcePrincipal,
  adviseOnPassphrase,
  isSecretByValue
};
