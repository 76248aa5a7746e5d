import {
  generateSessionKeyPair
} from "./chunk-2GM2FGID.js";
import "./chunk-HDGVC6Q3.js";

// src/entry/main.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
var { run } = await import("./chunk-OJVWO62X.js");
await run(keyPair);
