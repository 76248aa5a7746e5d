import {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
} from "./shared-by-refresh-refresher+refresh-stop.js";
import "./shared-by-post+refresh-refresher+run-login.js";
import "./shared-by-refresh-refresher+refresh-stop+refresher.js";
import "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";
export {
  deathOf,
  endRefresher,
  journalOf,
  stopRefresher
};
