import {
  requestSigner
} from "./shared-17.js";
import "./shared-23.js";
import "./shared-22.js";
import "./shared-21.js";
import "./shared-3.js";
import "./shared-13.js";
import "./shared-28.js";
import "./shared-14.js";
import "./shared-12.js";
import "./shared-29.js";
export {
  requestSigner
};
