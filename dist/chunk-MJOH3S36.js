// src/inputs/paths.ts
import path from "node:path";
function isInside(file, directory, platform = process.platform) {
  let { relative, isAbsolute, sep } = pathsOf(platform), way = relative(folded(directory, platform), folded(file, platform)), isOutside = way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
  return way !== "" && !isOutside;
}
function pathsOf(platform) {
  return platform === "win32" ? path.win32 : path.posix;
}
function expandHome(file, home) {
  return /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}
function folded(name, platform) {
  return platform === "win32" ? name.replaceAll("/", "\\").replace(/^\\\\[?.]\\(?=[a-z]:)/i, "").replace(/(?<=[^\\. ])[. ]+(?=\\|$)/g, "").toLowerCase() : platform === "darwin" ? name.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/i, "").normalize("NFC").toLowerCase() : name;
}
function homeOfConfig(file, platform = process.platform) {
  let { basename, dirname } = pathsOf(platform);
  return basename(file) === "config" && basename(dirname(file)) === ".oci" ? dirname(dirname(file)) : void 0;
}

// src/targets/cli.ts
function variablesForCli({ configFile, profile }) {
  return {
    // OCI CLI, and kubectl through its exec plug-in: sign with the session token; the default is api_key.
    OCI_CLI_AUTH: "security_token",
    // OCI CLI, fn: the section to use; the default is DEFAULT.
    OCI_CLI_PROFILE: profile,
    // OCI CLI, fn: the file to read.
    OCI_CLI_CONFIG_FILE: configFile,
    // SDKs for Python, TypeScript, Java, .NET, Go and Ruby, which look here when there is no ~/.oci/config; Ansible, always.
    OCI_CONFIG_FILE: configFile
  };
}
function variablesForAnsible({ configFile, profile }) {
  return {
    OCI_ANSIBLE_AUTH_TYPE: "security_token",
    OCI_CONFIG_FILE: configFile,
    OCI_CONFIG_PROFILE: profile
  };
}
function withoutHostPaths(variables, env) {
  let entries = Object.entries(variables).flatMap(([name, value]) => CONFIG_PATHS.includes(name) ? env(name) ? [[name, "~/.oci/config"]] : [] : [[name, value]]);
  return Object.fromEntries(entries);
}
var CONFIG_PATHS = ["OCI_CLI_CONFIG_FILE", "OCI_CONFIG_FILE"], OUTRANKING = [
  "OCI_CLI_USER",
  "OCI_CLI_TENANCY",
  "OCI_CLI_FINGERPRINT",
  "OCI_CLI_REGION",
  "OCI_CLI_KEY_FILE",
  "OCI_CLI_KEY_CONTENT",
  "OCI_CLI_PASSPHRASE",
  "OCI_CLI_SECURITY_TOKEN_FILE"
];
function adviseOnOutranking(env, profile) {
  let names = OUTRANKING.filter((name) => !!env(name));
  if (names.length !== 0)
    return `${names.join(", ")} ${names.length > 1 ? "are" : "is"} set in this job. The OCI CLI puts them above every profile, so its calls will not use all of [${profile}]: remove them.`;
}

// src/targets/homes.ts
import path2 from "node:path";
function noteOnHomes(configFile, { home, account }, doors = []) {
  if (home === void 0 || account === void 0 || home === account || !isInside(configFile, home)) return;
  let override2 = homeOfConfig(configFile) === home && !doors.includes("terraform-session") ? ` For Terraform's provider, set TF_HOME_OVERRIDE to ${home}.` : "";
  return `HOME is ${home}, but this account's home is ${account}. Clients in Go (Terraform's provider, Pulumi, Packer, rclone) and Java look for .oci/config in the latter unless they are told ${configFile}.${override2}`;
}
function overrideForProvider(configFile, { home, account }, env) {
  return override("TF_HOME_OVERRIDE", configFile, account ?? home, env);
}
function overrideForBackend(configFile, { home }, env) {
  return override("OCI_HOME_OVERRIDE", configFile, home, env);
}
function override(name, configFile, usual, env) {
  let wanted = homeOfConfig(configFile), found = env(name) || usual;
  return found !== void 0 && wanted !== void 0 && path2.relative(wanted, found) === "" || wanted === void 0 ? {} : { [name]: wanted };
}

export {
  isInside,
  pathsOf,
  expandHome,
  homeOfConfig,
  variablesForCli,
  variablesForAnsible,
  withoutHostPaths,
  adviseOnOutranking,
  noteOnHomes,
  overrideForProvider,
  overrideForBackend
};
