import {
  generateSessionKeyPair
} from "./shared-9.js";
import "./shared-11.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
