import {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
} from "./chunk-NK3PX4PQ.js";
import "./chunk-U745V6ET.js";
import "./chunk-HDGVC6Q3.js";
import "./chunk-GP2MGIB5.js";
export {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
};
