import {
  hostsFor,
  installRegistries,
  openRegistries
} from "./shared-15.js";
import "./shared-20.js";
import "./shared-5.js";
import "./shared-6.js";
import "./shared-11.js";
import "./shared-9.js";
import "./shared-21.js";
import "./shared-22.js";
import "./shared-19.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-13.js";
import "./shared-24.js";
import "./shared-12.js";
import "./shared-25.js";
export {
  hostsFor,
  installRegistries,
  openRegistries
};
