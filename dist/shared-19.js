import {
  assertSafePaths,
  homeOfDockerActions,
  installDepsOf,
  installSection,
  makeTemporary
} from "./shared-5.js";
import {
  basicAuthOf,
  registriesOf,
  requestRegistryToken,
  tokenHostOf
} from "./shared-11.js";
import {
  domainOfTenancy,
  proofOf
} from "./shared-9.js";
import {
  dockerConfigFile,
  helperName,
  membersOf
} from "./shared-24.js";
import {
  sessionPaths,
  toText
} from "./shared-25.js";
import {
  parseObject
} from "./shared-27.js";

// src/login/registries.ts
import path from "node:path";

// src/targets/registry-helper.ts
function helperFile(loginId, { program, keyFile, tokenFile, hosts }, platform) {
  let name = `docker-credential-${helperName(loginId)}`, words = [...program, keyFile, tokenFile, hosts.join(",")];
  if (platform === "win32") {
    let quoted2 = words.map((word) => `"${word.replaceAll("%", "%%")}"`).join(" ");
    return { name: `${name}.cmd`, content: `@echo off\r
set NODE_OPTIONS=\r
${quoted2} %*\r
` };
  }
  let quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return { name, content: `#!/bin/sh
unset NODE_OPTIONS
exec ${quoted} "$@"
` };
}

// src/login/registries.ts
function hostsFor({ registries, region }, tenancy) {
  return registries ?? registriesOf(region, domainOfTenancy(tenancy, "Set `ocir-registries` to the host names of the registries. Nothing was written."));
}
async function openRegistries(deps, oci, session) {
  let { runner, disk, home, temporary } = deps, hosts = hostsFor(oci, session.sessionToken.tenancy), file = dockerConfigFile(disk.files, runner.env, home), names = ["DOCKER_AUTH_CONFIG", "REGISTRY_AUTH_FILE"].filter((name) => !!runner.env(name));
  for (let name of names)
    runner.warning(`${name} is set in this job, and some clients then ignore ${file}. Remove the variable.`);
  let tokens = /* @__PURE__ */ new Map();
  if (!oci.registryLogin) return { hosts, file, copy: void 0, tokens };
  for (let tokenHost of new Set(hosts.map(tokenHostOf))) {
    let token = await requestRegistryToken(deps, tokenHost, proofOf(session));
    for (let secret of [token.token, basicAuthOf(token)]) runner.mask(secret);
    for (let host of hosts) tokenHostOf(host) === tokenHost && tokens.set(host, token);
  }
  let context = {
    home,
    platform: process.platform,
    temporary: disk.files.canonical(temporary, "directory")
  }, actionsHome = oci.exportFor.includes("docker") ? homeOfDockerActions(context) : void 0;
  return { hosts, file, copy: actionsHome && path.join(actionsHome, ".docker", "config.json"), tokens };
}
async function installRegistries(deps, state, oci, registries, directory) {
  let { runner } = deps, { hosts, file, copy, tokens } = registries, installDeps = installDepsOf(deps, state), install = (target, value) => installSection(installDeps, {
    target: { ...target, directory: null },
    format: membersOf(target.member),
    overwrite: oci.overwriteProfile,
    expiresAt: target.member === "auths" && tokens.get(target.section)?.expiresAt || null,
    lines: [JSON.stringify(value)],
    isSecret: target.member === "auths"
  });
  if (oci.registryLogin) {
    for (let one of copy === void 0 ? [file] : [file, copy])
      for (let [section, token] of tokens)
        await install({ file: one, section, member: "auths" }, { auth: basicAuthOf(token).reveal() });
    warnOfHelpers(deps, registries);
  } else {
    let name = helperName(deps.owner.loginId), bin = installHelper(deps, state, oci, hosts, directory);
    for (let section of hosts) await install({ file, section, member: "credHelpers" }, name);
    runner.addPath(bin);
  }
  report(deps, registries);
}
function installHelper(deps, state, oci, hosts, directory) {
  let { disk, owner, programs } = deps, { keyFile, tokenFile } = sessionPaths(oci.configFile, oci.profile), bin = path.join(directory, "bin");
  makeTemporary(deps, state, directory), assertSafePaths(disk.files, [{ path: bin, use: "directory" }]);
  let command = { program: [programs.node, ...programs.dockerCredential], keyFile, tokenFile, hosts }, { name, content } = helperFile(owner.loginId, command, process.platform);
  return disk.files.ensureDirectory(bin), disk.files.create(path.join(bin, name), content), disk.files.setMode(path.join(bin, name), 448), bin;
}
function warnOfHelpers({ runner, disk }, { hosts, file }) {
  let config = parseObject(toText(disk.files.read(file))), { credHelpers, credsStore } = config ?? {}, named = hosts.filter((host) => Object.hasOwn(Object(credHelpers), host));
  for (let host of credsStore === void 0 ? named : hosts)
    runner.warning(
      `${file} names a credential helper for ${host}, which clients use before the password of \`ocir-login\`. Remove it from ${named.includes(host) ? "credHelpers" : "credsStore"}.`
    );
}
function report({ runner }, { hosts, file, tokens }) {
  tokens.size === 0 && runner.info(
    `Docker gets a new token for each request to ${hosts.join(", ")}: see credHelpers in ${file}.`
  );
  for (let [host, { expiresAt }] of tokens) {
    let end = expiresAt === void 0 ? "expires at a time that the registry did not state" : `expires at ${new Date(expiresAt).toISOString()}`;
    runner.info(
      `The password for ${host} in auths ${end}. Nothing renews it: log in again before it expires.`
    );
  }
}

export {
  hostsFor,
  openRegistries,
  installRegistries
};
