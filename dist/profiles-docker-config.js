import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-21.js";
import "./shared-23.js";
import "./shared-13.js";
import "./shared-11.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
