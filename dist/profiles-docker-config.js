import {
  blankPassword,
  dockerConfigFile,
  formatOf
} from "./shared-20.js";
import "./shared-22.js";
import "./shared-14.js";
import "./shared-12.js";
export {
  blankPassword,
  dockerConfigFile,
  formatOf
};
