import {
  generateSessionKeyPair
} from "./shared-10.js";
import "./shared-12.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
