import {
  generateSessionKeyPair
} from "./chunk-2GM2FGID.js";
import "./chunk-HDGVC6Q3.js";

// src/entry/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./chunk-5MBWBG3T.js");
await run(keyPair);
