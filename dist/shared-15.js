import {
  INI,
  isSectionOf,
  keyDigestOfFile,
  ledgerFile,
  sessionFilesIn,
  toText
} from "./shared-25.js";

// src/profiles/secrets.ts
import path from "node:path";

// src/errors/try-each.ts
function tryEach(work) {
  let errors = work.flatMap((one) => {
    try {
      return one(), [];
    } catch (error) {
      return [error];
    }
  });
  if (errors.length > 0) throw errors[0];
}

// src/profiles/secrets.ts
function deleteSession(files, { directory, keyDigest }) {
  if (directory === null || keyDigest === null) return;
  let sessions = files.realPath(path.dirname(directory)), name = path.basename(directory), work = (sessions === void 0 ? [] : files.list(sessions)).map((one) => () => {
    let isNamed = one === name || one.startsWith(`${name}~`);
    deleteIfOurs(files, path.join(`${sessions}`, one), keyDigest, isNamed);
  });
  tryEach(work);
}
function deleteIfOurs(files, session, keyDigest, isNamed) {
  let { keyFile, tokenFile } = sessionFilesIn(session), findKey = () => {
    let file = files.realPath(keyFile);
    return file !== void 0 && keyDigestOfFile(files, file) === keyDigest ? file : void 0;
  }, found;
  try {
    found = findKey();
  } catch {
    if (!isNamed) return;
    for (let closed of [session, keyFile]) files.allowOwner(closed);
    found = findKey();
  }
  if (found === void 0) return;
  let realKeyFile = found;
  files.allowOwner(session), tryEach([
    () => destroy(files, tokenFile),
    () => destroy(files, realKeyFile),
    () => files.removeIfEmpty(path.dirname(realKeyFile))
  ]);
}
function destroy(files, file) {
  try {
    files.remove(file);
  } catch (error) {
    try {
      files.kind(file) === "file" && files.overwrite(file, (text) => " ".repeat(text.length));
    } catch {
    }
    throw error;
  }
}
var AWS_SECRET = /^([ \t]*aws_(?:secret_access_key|session_token)[ \t]*=[ \t]*)([^ \t\r\n].*)$/gim;
function blankCredentials(files, loginId, installed) {
  installed.directory !== null || installed.member || blankIn(files, installed, (text) => {
    let ours = sectionOf(text, loginId, installed);
    if (ours === void 0) return text;
    let blanked = ours.text.replaceAll(
      AWS_SECRET,
      (_all, key, value) => key + " ".repeat(value.length)
    );
    return text.slice(0, ours.start) + blanked + text.slice(ours.end);
  });
}
var COPIES = /(?<="previousSection"\s*:\s*)"(?:[^"\\]|\\.)*"/g;
function blankIn(files, { file }, blank) {
  let blankCopies = (text) => text.replaceAll(COPIES, (one) => JSON.stringify(blank(JSON.parse(one))).padEnd(one.length)), edit = (one, change) => {
    let text = toText(files.read(one));
    change(text) !== text && files.overwrite(one, change);
  }, ledger = ledgerFile(file);
  tryEach([() => edit(files.realPath(file) ?? file, blank), () => {
    try {
      edit(ledger, blankCopies);
    } catch {
      files.allowOwner(ledger), edit(ledger, blankCopies);
    }
  }]);
}
function sectionOf(text, loginId, { section, settingsDigest }, format = INI) {
  return format.find(text, section).find((one) => isSectionOf({ loginId, settingsDigest }, one.text, format));
}

export {
  tryEach,
  deleteSession,
  blankCredentials,
  blankIn,
  sectionOf
};
