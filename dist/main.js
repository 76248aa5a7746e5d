import {
  generateSessionKeyPair
} from "./chunk-2GM2FGID.js";
import "./chunk-HDGVC6Q3.js";

// src/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./chunk-DGHFR2TN.js");
await run(keyPair);
