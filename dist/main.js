import {
  generateSessionKeyPair
} from "./shared-19.js";
import "./shared-25.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
