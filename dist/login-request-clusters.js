import {
  requestCluster,
  requestKubeconfig
} from "./shared-10.js";
import "./shared-9.js";
import "./shared-3.js";
import "./shared-14.js";
import "./shared-17.js";
import "./shared-27.js";
import "./shared-13.js";
import "./shared-28.js";
export {
  requestCluster,
  requestKubeconfig
};
