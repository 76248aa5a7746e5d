import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-22.js";
import "./shared-24.js";
import "./shared-12.js";
import "./shared-10.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
