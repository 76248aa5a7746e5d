import {
  putFile,
  tokenFileOf
} from "./shared-by-refresh-refresher+run-login.js";
import "./shared-by-post+refresh-refresher+run-login.js";
import {
  homeOfConfig,
  overrideForBackend,
  overrideForProvider,
  variablesForAnsible,
  variablesForCli,
  withoutHostPaths
} from "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import {
  ActionError
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/targets/plan.ts
import path2 from "node:path";

// src/targets/docker.ts
import path from "node:path";
var HOME = "/github/home", CONFIG = ".oci/config";
function copyForDocker(temporary, home) {
  return home === HOME ? void 0 : { configFile: path.join(temporary, "_github_home", CONFIG), home: HOME, seenAs: `${HOME}/${CONFIG}` };
}

// src/targets/install-files.ts
async function layDoorFiles(files, oci, { pair, idTokenFile, copy }, session, install) {
  let { upst, keyPair, idToken } = session;
  idTokenFile !== void 0 && idToken !== void 0 && putFile(files, idTokenFile, idToken.jwt);
  let tokenFiles = [];
  if (pair !== void 0) {
    let { directory, keyFile, tokenFile } = pair;
    files.kind(directory) === "absent" && files.makeDirectory(directory), putFile(files, keyFile, keyPair.privateKeyPem), putFile(files, tokenFile, upst.token), tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  if (copy !== void 0) {
    let there = { ...oci, ...copy };
    await install(there, session), tokenFiles.push(tokenFileOf(there));
  }
  return { tokenFiles, idToken: idTokenFile !== void 0 && idToken !== void 0 ? { file: idTokenFile, lifetimeMs: idToken.lifetimeMs } : void 0 };
}

// src/targets/ownership.ts
var MARKER = "OCI_WIF_ACTION_DOORS", OWNED = {
  terraform: "terraform",
  "terraform-session": "terraform",
  "resource-principal": "resource-principal"
};
function claimDoors(env, doors, { profile, configFile }) {
  let before = parse(env(MARKER) ?? ""), isOurs = (one) => one.profile === profile && one.configFile === configFile;
  for (let door of doors) {
    let other = before.find((one) => one.set === OWNED[door] && !isOurs(one));
    if (other !== void 0)
      throw new ActionError(
        "EXPORT_CONFLICT",
        `\`export-for\` ${door}: an earlier login of this job has these variables lead to profile [${other.profile}] in ${other.configFile}.`
      );
  }
  let sets = new Set(doors.flatMap((door) => OWNED[door] ?? [])), lines = [...before.filter(({ set }) => !sets.has(set)), ...[...sets].map((set) => ({ set, profile, configFile }))].map(lineOf);
  return {
    variables: sets.size > 0 ? { [MARKER]: lines.join(`
`) } : {},
    isAgain: (door) => before.some((one) => one.set === OWNED[door])
  };
}
function lineOf({ set, profile, configFile }) {
  return [set, profile, configFile].join(" ");
}
function parse(text) {
  return text.split(`
`).flatMap((line) => {
    let [, set, profile, configFile] = /^(\S+) (\S+) (.+)$/.exec(line) ?? [];
    return set && profile && configFile ? [{ set, profile, configFile }] : [];
  });
}
function adviseOnOverridden(env, door, variables) {
  let names = Object.keys(variables).filter((name) => !!env(name) && env(name) !== variables[name]);
  if (names.length !== 0)
    return `${names.join(", ")} ${names.length > 1 ? "are" : "is"} set in this job. Until its post step, \`export-for\` ${door} replaces ${names.length > 1 ? "them" : "it"} for all later steps.`;
}

// src/targets/resource-principal.ts
function variablesForResourcePrincipal({ tokenFile, keyFile }, region) {
  return {
    OCI_RESOURCE_PRINCIPAL_VERSION: "2.2",
    OCI_RESOURCE_PRINCIPAL_RPST: tokenFile,
    OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM: keyFile,
    OCI_RESOURCE_PRINCIPAL_REGION: region
  };
}
var PASSPHRASE = "OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE";
function adviseOnPassphrase(env) {
  return env(PASSPHRASE) ? `${PASSPHRASE} is set in this job, but the key of this session has no passphrase: remove it.` : void 0;
}

// src/targets/terraform.ts
function variablesForTerraform({ domainUrl, client, region, resource }, idTokenFile) {
  return {
    OCI_AUTH: "WorkloadIdentityFederation",
    OCI_REGION: region,
    OCI_WORKLOAD_IDENTITY_TOKEN_PATH: idTokenFile,
    OCI_TOKEN_EXCHANGE_DOMAIN_URL: domainUrl.origin,
    // the provider refuses a path, even a slash
    OCI_TOKEN_EXCHANGE_AUTH: "OAuthClientCredentials",
    OCI_TOKEN_EXCHANGE_CLIENT_ID: client.clientId,
    OCI_TOKEN_EXCHANGE_CLIENT_SECRET: client.clientSecret,
    OCI_TOKEN_EXCHANGE_SUBJECT_TOKEN_TYPE: "jwt",
    OCI_TOKEN_EXCHANGE_REQUESTED_TOKEN_TYPE: `urn:oci:token-type:oci-${resource ? "rpst" : "upst"}`,
    ...resource && { OCI_TOKEN_EXCHANGE_RESOURCE_TYPE: resource.type },
    ...resource?.lifetimeSeconds && { OCI_TOKEN_EXCHANGE_RPST_EXP: String(resource.lifetimeSeconds) }
  };
}
function variablesForTerraformSession({ profile, region }) {
  return { OCI_AUTH: "SecurityToken", OCI_CONFIG_FILE_PROFILE: profile, OCI_REGION: region };
}
function variablesForBackend({ profile, region }, platform) {
  return platform === "win32" ? {} : { OCI_auth: "SecurityToken", OCI_config_file_profile: profile, OCI_region: region };
}
function adviseOnTerraform(env, variables) {
  let names = Object.entries(variables).flatMap(([name, value]) => {
    let above = `TF_VAR_${name.replace(/^OCI_/, "").toLowerCase()}`;
    return /^OCI_[A-Z_]+$/.test(name) && env(above) && env(above) !== value ? [above] : [];
  });
  if (names.length !== 0)
    return `${names.join(", ")} ${names.length > 1 ? "are" : "is"} set in this job. Terraform's provider puts TF_VAR_ variables above those of \`export-for\`, so it will not use this session: remove them.`;
}

// src/targets/plan.ts
function planDoors(parts, config, oci) {
  let { runner, directory } = parts, { env } = runner, has = (door) => oci.exportFor.includes(door), claim = claimDoors(env, oci.exportFor, oci), session = path2.join(directory, "session"), pair = has("resource-principal") ? { directory: session, tokenFile: path2.join(session, "token"), keyFile: path2.join(session, "key.pem") } : void 0, idTokenFile = has("terraform") ? path2.join(directory, "github-id-token") : void 0, copy = has("docker") ? planCopy(parts, oci) : void 0, owned = {
    ...idTokenFile && { terraform: forTerraform(parts, config, oci, idTokenFile) },
    ...has("terraform-session") && { "terraform-session": forTerraformSession(parts, oci) },
    ...pair && { "resource-principal": variablesForResourcePrincipal(pair, oci.region) }
  };
  adviseOnOwned(runner, owned, claim.isAgain);
  let byProfile = {
    ...has("cli") && variablesForCli(oci),
    ...has("ansible") && variablesForAnsible(oci)
  };
  return {
    variables: {
      ...copy ? withoutHostPaths(byProfile, env) : byProfile,
      ...Object.assign({}, ...Object.values(owned)),
      ...claim.variables
    },
    needDirectory: pair !== void 0 || idTokenFile !== void 0,
    layFiles: (files, opened, install) => layDoorFiles(files, oci, { pair, idTokenFile, copy }, opened, install)
  };
}
function planCopy({ runner, temporary, home, platform = process.platform }, { exportFor }) {
  if (platform !== "linux") {
    runner.warning(
      "`export-for` docker: only runners on Linux run Docker actions, so nothing is laid for them."
    );
    return;
  }
  let copy = copyForDocker(temporary, home), hidden = exportFor.filter((door) => door === "terraform" || door === "resource-principal");
  return copy === void 0 && hidden.length > 0 && runner.warning(
    `\`export-for\` ${hidden.join(", ")}: Docker actions of a job in a container see the profile, but not the files in the temp area that these variables name.`
  ), copy !== void 0 && exportFor.includes("terraform-session") && runner.warning(
    `\`export-for\` terraform-session: in a Docker action, Terraform's provider looks into the home of the image's account. Give such a step \`env: { TF_HOME_OVERRIDE: ${copy.home} }\`.`
  ), copy;
}
function forTerraform(parts, { domainUrl, client }, oci, idTokenFile) {
  let { runner, platform = process.platform } = parts, variables = variablesForTerraform({ ...oci, domainUrl, client }, idTokenFile);
  return platform === "win32" ? (runner.warning(
    "`export-for` terraform: on Windows, Terraform's `oci` state backend reads the variables of its provider, and cannot log in their way. If you use it, take terraform-session."
  ), variables) : homeOfConfig(oci.configFile) === void 0 ? (runner.info(
    `Nothing is exported for Terraform's \`oci\` state backend: it reads .oci/config below a home, never ${oci.configFile}.`
  ), variables) : { ...variables, ...forBackend(parts, oci) };
}
function forTerraformSession(parts, oci) {
  return {
    ...variablesForTerraformSession(oci),
    ...overrideForProvider(oci.configFile, parts, parts.runner.env),
    ...forBackend(parts, oci)
  };
}
function forBackend(parts, oci) {
  let { runner, platform = process.platform } = parts;
  return {
    ...variablesForBackend(oci, platform),
    ...overrideForBackend(oci.configFile, parts, runner.env)
  };
}
function adviseOnOwned(runner, owned, isAgain) {
  let { env } = runner;
  for (let [door, variables] of Object.entries(owned)) {
    let advice = [
      isAgain(door) ? void 0 : adviseOnOverridden(env, door, variables),
      door === "resource-principal" ? adviseOnPassphrase(env) : adviseOnTerraform(env, variables)
    ];
    for (let text of advice) text !== void 0 && runner.warning(text);
  }
}
export {
  planDoors
};
