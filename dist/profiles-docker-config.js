import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-24.js";
import "./shared-15.js";
import "./shared-25.js";
import "./shared-23.js";
import "./shared-17.js";
import "./shared-27.js";
import "./shared-13.js";
import "./shared-28.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
