import {
  requestCluster,
  requestKubeconfig
} from "./shared-10.js";
import "./shared-9.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-13.js";
import "./shared-24.js";
import "./shared-12.js";
import "./shared-25.js";
export {
  requestCluster,
  requestKubeconfig
};
