// src/inputs/paths.ts
import path from "node:path";
function isInside(file, directory, platform = process.platform) {
  let { relative, isAbsolute, sep } = pathsOf(platform), relativePath = relative(comparable(directory, platform), comparable(file, platform)), isOutside = relativePath === ".." || relativePath.startsWith(`..${sep}`) || isAbsolute(relativePath);
  return relativePath !== "" && !isOutside;
}
function isSamePath(a, b, platform = process.platform) {
  return comparable(a, platform) === comparable(b, platform);
}
function homeVariable(platform = process.platform) {
  return platform === "win32" ? "USERPROFILE" : "HOME";
}
function pathsOf(platform) {
  return platform === "win32" ? path.win32 : path.posix;
}
function isFullPath(file, platform = process.platform) {
  return (platform !== "win32" || /^([a-z]:|[\\/]{2})/i.test(file)) && pathsOf(platform).isAbsolute(file);
}
function startsAtHome(file) {
  return /^~[/\\]/.test(file);
}
function expandHome(file, home, platform = process.platform) {
  return startsAtHome(file) ? pathsOf(platform).join(home, file.slice(2)) : file;
}
function comparable(name, platform) {
  return platform === "win32" ? name.replaceAll("/", "\\").replace(/^\\\\[?.]\\(?=[a-z]:)/i, "").replace(/(?<=[^\\. ])[. ]+(?=\\|$)/g, "").toLowerCase() : platform === "darwin" ? name.replace(/^\/private(?=\/(tmp|var|etc)(\/|$))/i, "").normalize("NFC").toLowerCase() : name;
}
function homeOfConfig(file, platform = process.platform) {
  let { basename, dirname } = pathsOf(platform);
  return comparable(`${basename(dirname(file))}/${basename(file)}`, platform) === comparable(".oci/config", platform) ? dirname(dirname(file)) : void 0;
}

export {
  isInside,
  isSamePath,
  homeVariable,
  pathsOf,
  isFullPath,
  startsAtHome,
  expandHome,
  homeOfConfig
};
