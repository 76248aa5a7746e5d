import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/inputs/client-credentials.ts
function toClientCredentials(clientId, clientSecret) {
  let basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`, "utf8").toString("base64");
  return { clientId, clientSecret, basic: new Secret(basic) };
}

export {
  toClientCredentials
};
