import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-24.js";
import "./shared-26.js";
import "./shared-14.js";
import "./shared-12.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
