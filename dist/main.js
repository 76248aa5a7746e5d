import {
  generateSessionKeyPair
} from "./shared-11.js";
import "./shared-13.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
