import {
  toClientCredentials
} from "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  parseObject,
  quote
} from "./shared-by-doctor+post+refresher+run-login.js";
import {
  Secret
} from "./shared-by-doctor+main+post+refresher.js";

// src/refresh/log.ts
var KINDS = ["began", "line", "note", "ended"];
function journalLine(entry) {
  return `${JSON.stringify(entry)}
`;
}
function readJournal(text) {
  let read = text.split(`
`).filter((line) => line.trim() !== "").map((line) => ({ line, entry: parseEntry(line) }));
  return {
    entries: read.flatMap(({ entry }) => entry ?? []),
    stray: read.filter(({ entry }) => entry === void 0).map(({ line }) => quote(line, []))
  };
}
function parseEntry(line) {
  let { at, text, kind, pid, keeps } = parseObject(line) ?? {};
  if (!(typeof at == "string" && typeof text == "string" && KINDS.includes(kind)) || pid !== void 0 && !(Number.isSafeInteger(pid) && pid > 1)) return;
  let entry = { at: quote(at, []), text: quote(text, []), kind: kind ?? "line" }, files = Array.isArray(keeps) ? keeps.filter((file) => typeof file == "string") : [];
  return pid === void 0 ? entry : { ...entry, pid, keeps: files };
}
function unfinished({
  entries
}) {
  let began = entries.findLast(({ kind }) => kind === "began"), last = entries.at(-1);
  if (!(began?.pid === void 0 || last === void 0 || last.kind === "ended"))
    return { pid: began.pid, lastSign: last.at, keeps: began.keeps ?? [] };
}

// src/refresh/spec.ts
function writeOrder({ identity, domainUrl, charges, ...rest }) {
  let text = JSON.stringify({
    ...rest,
    identity: identity && { url: identity.url, requestToken: identity.requestToken.reveal() },
    domainUrl,
    charges: Object.fromEntries(
      Object.entries(charges).map(([name, charge]) => [name, "client" in charge ? exposed(charge) : charge])
    )
  });
  return new Secret(text);
}
function readOrder(text) {
  let order = parseObject(text);
  if (order === void 0) throw new TypeError("no order");
  let { session, "access-token": accessToken, ...others } = order.charges;
  return {
    ...order,
    identity: order.identity && {
      url: new URL(order.identity.url),
      requestToken: new Secret(String(order.identity.requestToken))
    },
    domainUrl: new URL(order.domainUrl),
    charges: {
      ...others,
      ...session && { session: wrapped(session) },
      ...accessToken && { "access-token": wrapped(accessToken) }
    }
  };
}
function exposed(charge) {
  let { clientId, clientSecret } = charge.client;
  return { ...charge, client: { clientId, clientSecret: clientSecret.reveal() } };
}
function wrapped(charge) {
  let { clientId, clientSecret } = charge.client;
  return { ...charge, client: toClientCredentials(clientId, new Secret(String(clientSecret))) };
}
function readTerms(text) {
  let { charges, ...rest } = readOrder(text);
  return { ...rest, terms: charges, keeps: filesOf(charges) };
}
function filesOf({ session, "id-token": idToken, "access-token": accessToken }) {
  return [...session?.tokenFiles.map(({ file }) => file) ?? [], ...[idToken, accessToken].flatMap((charge) => charge?.file ?? [])];
}
function without(charges, kept) {
  let isOpen = (file) => !kept.includes(file), { session, "id-token": idToken, "access-token": accessToken } = charges, tokenFiles = session?.tokenFiles.filter(({ file }) => isOpen(file)) ?? [];
  return {
    ...session && tokenFiles.length > 0 && { session: { ...session, tokenFiles } },
    ...idToken && isOpen(idToken.file) && { "id-token": idToken },
    ...accessToken && isOpen(accessToken.file) && { "access-token": accessToken }
  };
}

// src/refresh/process.ts
import path from "node:path";
var LOG = /^refresher-([0-9a-f]+)\.log$/;
function refresherFiles({ directory, loginId }) {
  return {
    log: path.join(directory, `refresher-${loginId}.log`),
    /** Its appearance ends the process. */
    stop: path.join(directory, `stop-${loginId}`)
  };
}
function refreshersIn(files, directory) {
  return files.list(directory).flatMap((name) => LOG.exec(name)?.[1] ?? []);
}
function startRefresher(background, script, order) {
  let { log } = refresherFiles(order);
  return background.start({ script, mark: order.loginId, log, instructions: writeOrder(order) });
}

export {
  journalLine,
  readJournal,
  unfinished,
  readTerms,
  without,
  refresherFiles,
  refreshersIn,
  startRefresher
};
