import {
  generateSessionKeyPair
} from "./shared-by-doctor+main+post+refresher.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
