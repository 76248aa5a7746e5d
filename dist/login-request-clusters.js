import {
  requestCluster,
  requestKubeconfig
} from "./shared-9.js";
import "./shared-14.js";
import "./shared-3.js";
import "./shared-13.js";
import "./shared-12.js";
import "./shared-25.js";
import "./shared-11.js";
import "./shared-26.js";
export {
  requestCluster,
  requestKubeconfig
};
