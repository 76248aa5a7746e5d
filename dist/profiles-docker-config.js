import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-22.js";
import "./shared-24.js";
import "./shared-13.js";
import "./shared-11.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
