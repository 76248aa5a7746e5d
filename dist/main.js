import {
  generateSessionKeyPair
} from "./shared-20.js";
import "./shared-27.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./run-login.js");
await run(keyPair);
