import {
  hostsFor,
  installRegistries,
  openRegistries
} from "./shared-19.js";
import "./shared-5.js";
import "./shared-6.js";
import "./shared-11.js";
import "./shared-9.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-24.js";
import "./shared-15.js";
import "./shared-25.js";
import "./shared-23.js";
import "./shared-17.js";
import "./shared-27.js";
import "./shared-13.js";
import "./shared-28.js";
export {
  hostsFor,
  installRegistries,
  openRegistries
};
