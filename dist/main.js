import {
  generateSessionKeyPair
} from "./chunk-2GM2FGID.js";
import "./chunk-HDGVC6Q3.js";

// src/entry/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./chunk-QQKC6CTY.js");
await run(keyPair);
