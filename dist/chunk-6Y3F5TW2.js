import {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
} from "./chunk-N7HAOPUP.js";
import "./chunk-DD53DCDC.js";
import "./chunk-CZ73XQM7.js";
import "./chunk-HDGVC6Q3.js";
export {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
};
