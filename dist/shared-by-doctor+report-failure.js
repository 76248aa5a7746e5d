import {
  helpPath
} from "./shared-by-doctor+post+run-login.js";

// src/report/help-link.ts
function helpUrl(runner, code) {
  let server = runner.env("GITHUB_SERVER_URL"), repository = runner.env("GITHUB_ACTION_REPOSITORY"), ref = runner.env("GITHUB_ACTION_REF");
  if (!server || !repository || !ref) return helpPath(code);
  let parts = `${repository}/blob/${ref}`.split("/").map(encodeURIComponent).join("/");
  return `${server}/${parts.replaceAll("(", "%28").replaceAll(")", "%29")}/${helpPath(code)}`;
}
function helpLink(runner, code) {
  let [path, url] = [helpPath(code), helpUrl(runner, code)];
  return url === path ? `\`${path}\`` : `[${path}](${url})`;
}

export {
  helpUrl,
  helpLink
};
