import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-23.js";
import "./shared-25.js";
import "./shared-16.js";
import "./shared-13.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
