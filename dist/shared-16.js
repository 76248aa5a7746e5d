import {
  saveInstalled,
  temporaryName,
  updateState
} from "./shared-17.js";
import {
  assertSafe,
  assertSafePaths,
  installAwsProfile,
  installSection
} from "./shared-5.js";
import {
  parseSessionToken
} from "./shared-22.js";
import {
  adviseOnConfigText,
  entryAboveInDirectory,
  findEntry,
  macOf,
  ociTarget,
  profileLines,
  putFile,
  readKeyFile,
  readLedger,
  readSecret,
  readText,
  replaceToken,
  sessionPaths,
  tokenFileOf
} from "./shared-24.js";
import {
  encode,
  ownerOf,
  sectionsNamed,
  settingLines
} from "./shared-25.js";
import {
  ActionError
} from "./shared-11.js";
import {
  Secret
} from "./shared-28.js";

// src/targets/docker.ts
import path from "node:path";
var CONTAINER_HOME = "/github/home", ACTIONS_HOME = "_github_home";
function homeOfDockerActions({
  home,
  platform,
  temporary
}) {
  return platform === "linux" && home !== CONTAINER_HOME ? path.join(temporary, ACTIONS_HOME) : void 0;
}
function dockerExports({ home, oci, temporary, platform }) {
  if (platform !== "linux")
    return { variables: {}, warnings: ["`export-for` docker has no effect: only Linux runners run Docker actions."] };
  if (home === CONTAINER_HOME) {
    let missing = oci.exportFor.filter((name) => name === "terraform" || name === "resource-principal"), warning2 = `\`export-for\` ${missing.join(", ")}: Docker actions of a job in a container see the profile, but not the files in RUNNER_TEMP that these variables name.`;
    return { variables: {}, warnings: missing.length > 0 ? [warning2] : [] };
  }
  let { profile } = oci, configFile = path.join(temporary, ACTIONS_HOME, ".oci/config"), warning = `\`export-for\` terraform-session: in a Docker action, Terraform's provider looks for the config in the home directory of the image's account. Give such a step \`env: { TF_HOME_OVERRIDE: ${CONTAINER_HOME} }\`.`;
  return {
    variables: {},
    files: { profileCopy: { profile, configFile, seenAs: `${CONTAINER_HOME}/.oci/config` } },
    warnings: oci.exportFor.includes("terraform-session") ? [warning] : []
  };
}
var CONFIG_PATHS = ["OCI_CLI_CONFIG_FILE", "OCI_CONFIG_FILE"];
function withoutHostPaths(variables, env) {
  let entries = Object.entries(variables).flatMap(([name, value]) => CONFIG_PATHS.includes(name) ? env(name) ? [[name, "~/.oci/config"]] : [] : [[name, value]]);
  return Object.fromEntries(entries);
}

// src/login/install.ts
import path2 from "node:path";

// src/login/existing-login.ts
import { createHmac } from "node:crypto";
function macKeyOf({ domainUrl, client }, { audience, tenancy, resource }, jobId) {
  let inputs = [jobId, domainUrl.origin, client.clientId, audience, tenancy, resource?.type], mac = createHmac("sha256", client.clientSecret.reveal()).update(JSON.stringify(inputs));
  return new Secret(mac.digest("hex"));
}
function isSamePrincipal(a, b) {
  return a.principal === b.principal && a.tenancy === b.tenancy;
}
function findExistingLogin(files, { jobId, macKey }, { configFile, seenAs = configFile, profile, region, resource }) {
  try {
    let target = ociTarget(configFile, profile), { keyFile, tokenFile } = sessionPaths(configFile, profile);
    if (files.kind(tokenFile) === "absent") return;
    assertSafe(files, target);
    let token = readSecret(files, tokenFile), keyPair = readKeyFile(files, keyFile), [section, ...more] = sectionsNamed(readText(files, configFile), profile), owner = section && ownerOf(section.text);
    if (!section || more.length > 0 || owner?.jobId !== jobId || !token || !keyPair || !macKey) return;
    let ledger = readLedger(files, configFile), entry = findEntry(ledger, owner.loginId, target);
    if (entry === void 0 || entryAboveInDirectory(ledger, entry) !== void 0 || !entry.macs.includes(macOf(macKey, keyPair, { token }))) return;
    let sessionToken = parseSessionToken(token, resource, void 0), { tenancy } = sessionToken, { fingerprint } = keyPair, lines = profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint }), [, ...settings] = settingLines(section.text);
    return settings.join(`
`) !== encode(lines.join(`
`)) ? void 0 : { loginId: owner.loginId, keyPair, sessionToken };
  } catch (error) {
    if (error instanceof ActionError) return;
    throw error;
  }
}

// src/login/install.ts
async function installFiles(deps, state, { oci, aws }, { session, existing, role, targets, kubeconfig, awsTargets, directory }) {
  let { runner, disk, owner } = deps, { sessionFiles, idTokenFile, profileCopy } = targets?.files ?? {}, installDeps = {
    ...deps,
    warn: runner.warning,
    save: (installed) => saveInstalled(runner, state, installed)
  }, isWebIdentity = aws?.credentialSource === "web-identity";
  (isWebIdentity || sessionFiles || idTokenFile || kubeconfig) && makeTemporary(deps, state, directory), session && oci && await writeSession(installDeps, oci, session, existing);
  let targetFiles = session && targets && writeTargetFiles(deps, targets.files, session, kubeconfig);
  if (session && oci && profileCopy) {
    let copy = { ...oci, ...profileCopy };
    await writeSession(installDeps, copy, session, findExistingLogin(disk.files, owner, copy));
  }
  let tokenFile = path2.join(directory, "aws-web-identity-token"), installedRole = role && aws && { config: aws, role, tokenFile, targets: awsTargets };
  role && isWebIdentity && putFile(disk.files, tokenFile, role.identity.token), installedRole && await installAwsProfile(runner, installDeps, installedRole);
  let { loginId, macKey } = owner;
  return { loginId, macKey, directory, session, targetFiles, aws: installedRole };
}
function temporaryDirectory({ disk, owner, temporary }, existing) {
  let directoryOf = (loginId) => path2.join(temporary, temporaryName(loginId)), first = existing && directoryOf(existing.loginId);
  return first !== void 0 && disk.files.kind(first) === "directory" ? first : directoryOf(owner.loginId);
}
function makeTemporary({ runner, disk }, state, directory) {
  assertSafePaths(disk.files, [{ path: directory, use: "directory" }]), disk.files.kind(directory) !== "directory" && (updateState(runner, state, { temporary: directory }), disk.files.makeDirectory(directory));
}
async function writeSession(deps, config, session, existing) {
  let { sessionToken } = session;
  existing && isSamePrincipal(existing.sessionToken, sessionToken) && await replaceToken(
    deps.disk,
    tokenFileOf(config),
    sessionToken,
    existing.keyPair.publicKeyBase64,
    deps.owner.macKey
  ) || await installSession(deps, config, session);
}
async function installSession(deps, { configFile, seenAs = configFile, profile, overwriteProfile, region }, { sessionToken, keyPair }) {
  let { tenancy, expiresAt } = sessionToken, { fingerprint } = keyPair;
  await installSection(deps, {
    target: ociTarget(configFile, profile),
    overwrite: overwriteProfile,
    expiresAt,
    lines: profileLines({ ...sessionPaths(seenAs, profile), tenancy, region, fingerprint }),
    isSecret: !1,
    session: { keyPair, sessionToken }
  });
  let text = readText(deps.disk.files, configFile);
  for (let advice of adviseOnConfigText(text, profile)) deps.warn(`${configFile} ${advice}.`);
}
function writeTargetFiles({ disk: { files } }, { sessionFiles, idTokenFile, profileCopy, kubeconfig }, { sessionToken, keyPair, idToken }, config) {
  let tokenFiles = profileCopy === void 0 ? [] : [tokenFileOf(profileCopy)];
  if (sessionFiles !== void 0) {
    let { directory, keyFile, tokenFile } = sessionFiles;
    files.kind(directory) === "absent" && files.makeDirectory(directory), putFile(files, keyFile, keyPair.privateKeyPem), putFile(files, tokenFile, sessionToken.token), tokenFiles.push({ file: tokenFile, keyFile, lock: null });
  }
  return kubeconfig !== void 0 && config !== void 0 && putFile(files, kubeconfig, config.text), idTokenFile === void 0 || idToken === void 0 ? { tokenFiles, idToken: void 0, kubeconfig } : (putFile(files, idTokenFile, idToken.jwt), { tokenFiles, idToken: { file: idTokenFile, lifetimeMs: idToken.lifetimeMs }, kubeconfig });
}

export {
  homeOfDockerActions,
  dockerExports,
  withoutHostPaths,
  macKeyOf,
  isSamePrincipal,
  findExistingLogin,
  installFiles,
  temporaryDirectory,
  makeTemporary
};
