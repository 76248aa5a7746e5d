import {
  generateSessionKeyPair
} from "./shared-23.js";
import "./shared-28.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
