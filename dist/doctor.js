import {
  objectStorageOf,
  verifySession
} from "./shared-by-doctor+login-verify-session.js";
import {
  helpLink,
  helpUrl
} from "./shared-by-doctor+report-failure.js";
import {
  diagnosticClaims
} from "./shared-by-diagnosis-exchange-refusal+doctor.js";
import {
  CLOCK_TOLERANCE_MS,
  DOMAIN_CODES,
  adviseOnClock,
  adviseOnLife,
  askForIdToken,
  assertAudience,
  assertBindsKey,
  assertCurrent,
  assertNotPassing,
  assertReadable,
  assertSafe,
  assertTenancy,
  awsFiles,
  awsPlace,
  checkPublishedKeys,
  configWarnings,
  currentSubject,
  decodeAccessToken,
  escapeMarkup,
  exchange,
  fetchSigningKeys,
  findHomeDirectories,
  findIdTokenSource,
  homeDirectoryNote,
  httpFor,
  invalidInputsError,
  issuerOf,
  kindOf,
  literal,
  missingDirectories,
  openAwsSession,
  overrideWarning,
  parseSessionTokenClaims,
  proxyFor,
  readMaskedInput,
  readPartialConfig,
  replaceable,
  requestAccessToken,
  snippetLines,
  stsEndpoint,
  tableOf
} from "./shared-by-doctor+run-login.js";
import {
  generateSessionKeyPair
} from "./shared-by-doctor+main.js";
import {
  ActionError,
  TransportError,
  adviseOnConfigText,
  awsProfileWarning,
  explainTransport,
  githubRunner,
  nodeFiles,
  ociPlace,
  ownerOf,
  readText,
  textOf,
  thisSystem,
  toActionError,
  withFileErrors
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import {
  parseObject,
  quote,
  serverTimeOf,
  systemClock
} from "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/checks/check.ts
var Skip = class extends Error {
};
function createCheckup(tell) {
  let findings = [], group = "", note = (finding) => {
    findings.push({ group, ...finding }), tell({ group, ...finding });
  };
  return {
    findings,
    begin: (name) => {
      group = name;
    },
    async check(check, needs, ask) {
      try {
        let { value, text, advice = [], facts } = await withNeeds(needs, ask), amiss = advice.filter((one) => one !== void 0), verdict = amiss.length > 0 ? "warning" : "ok";
        return note({ check, verdict, text: amiss.length > 0 ? amiss.join(" ") : text, facts }), { done: !0, value };
      } catch (error) {
        return note({ check, ...error instanceof Skip ? skipped(error) : failed(toActionError(error)) }), { done: !1, missing: check };
      }
    }
  };
}
function withNeeds(needs, ask) {
  let missing = needs.flatMap((need) => need.done ? [] : [need.missing]);
  if (missing.length > 0) throw new Skip(`needs ${[...new Set(missing)].join(", ")}`);
  let values = needs.map((need) => need.done ? need.value : void 0);
  return ask(...values);
}
function skipped({ message: text }) {
  return { verdict: "skipped", text };
}
function failed(error) {
  let { code, message, requestId, remedy, facts } = error, id = requestId === void 0 ? "" : ` Request id: ${requestId}.`;
  return { verdict: "failure", text: `${code}: ${message}${id}`, remedy, facts, error };
}
function verdictOf(findings) {
  return ["failure", "warning"].find(
    (verdict) => findings.some((finding) => finding.verdict === verdict)
  ) ?? "ok";
}

// src/oci/discovery.ts
async function askDomain(http, domainUrl) {
  let url = new URL("/.well-known/openid-configuration", domainUrl), label = "the domain's discovery document";
  try {
    let response = await http.send(() => ({ method: "GET", url, headers: { accept: "application/json" }, label }));
    return { response, serverTime: serverTimeOf(response) };
  } catch (error) {
    throw error instanceof TransportError ? explainTransport(error, `Asking for ${label}`, DOMAIN_CODES) : error;
  }
}
function readDiscovery(response) {
  let { status, text } = response;
  assertNotPassing(response, { status });
  let members = status === 200 ? parseObject(text) : void 0, issuer = members?.issuer;
  if (members !== void 0 && typeof issuer == "string") return { ...members, issuer };
  let got = status === 200 ? "a page that is no discovery document" : `status ${status}`;
  throw new ActionError(
    "OCI_RESPONSE_MALFORMED",
    `Asked for its discovery document, the domain gave ${got}.`,
    {
      status
    }
  );
}

// src/checks/domain.ts
async function checkDomain(consultation) {
  let { checkup, http, clock, config, given, wantsRole } = consultation;
  checkup.begin("Identity domain");
  let { domainUrl } = config, domain = await checkup.check("domain", [given("domain-url")], async () => {
    let value = await askDomain(http, domainUrl), how = domainUrl.protocol === "https:" ? "certificate accepted" : "without TLS, on loopback";
    return { value, text: `${domainUrl.host} answers, ${how}` };
  });
  await checkup.check("clock", [domain], ({ serverTime }) => {
    if (serverTime === void 0)
      return { value: null, text: "", advice: ["The domain does not say its time."] };
    let advice = adviseOnClock(clock.now(), serverTime), isRefused = config.oci && Math.abs(clock.now() - serverTime) > CLOCK_TOLERANCE_MS;
    if (advice !== void 0 && isRefused) throw new ActionError("OCI_CLOCK_SKEWED", advice);
    return { value: null, text: "agrees with the domain's", advice: [advice] };
  });
  let discovery = await checkup.check("discovery", [domain], ({ response }) => {
    let value = readDiscovery(response);
    return { value, text: `issuer ${quote(value.issuer, [])}` };
  });
  return await checkup.check("signing keys", [discovery], async (document) => {
    try {
      let { ids } = await fetchSigningKeys(http, document);
      return { value: null, text: `public, ${ids.length}` };
    } catch (error) {
      if (error instanceof TransportError) return { value: null, text: "", advice: [`${error.message}.`] };
      if (!(error instanceof ActionError && error.code === "AWS_SIGNING_KEYS_HIDDEN") || wantsRole) throw error;
      return { value: null, text: "not public; only the way on to AWS needs them" };
    }
  }), domain;
}

// src/checks/machine.ts
import path from "node:path";
async function checkMachine(consultation) {
  let { checkup, config, given, homes } = consultation, { oci, aws } = config;
  if (await checkup.check("home", [], () => checkHome(consultation)), oci !== void 0) {
    let needs = [given("config-file")], place = () => ociPlace(oci.configFile, oci.profile), ready = await checkup.check("config directory", needs, () => checkDirectory(consultation, place()));
    await checkup.check(
      "profile",
      [ready, given("profile", "overwrite-profile")],
      () => checkProfile(
        consultation,
        place(),
        oci.overwriteProfile,
        (content) => adviseOnConfigText(content, oci.profile)
      )
    );
  }
  let { home } = homes;
  if (aws?.profile !== void 0 && home !== void 0) {
    let { profile } = aws;
    for (let kind of ["credentials", "config"])
      await checkup.check(`AWS ${kind}`, [given("aws-profile", "overwrite-profile")], () => {
        let place = awsPlace(kind, awsFiles(home, consultation.runner.env)[kind], profile);
        return checkDirectory(consultation, place), checkProfile(consultation, place, aws.overwriteProfile, () => []);
      });
  }
  await checkup.check("variables", [], () => checkVariables(consultation)), await checkup.check("proxy", [], () => checkProxy(consultation));
}
function checkHome({ homes, config }) {
  let { home, account } = homes;
  if (home === void 0)
    return {
      value: null,
      text: "",
      advice: ["Neither HOME nor the account has an absolute home directory. Set HOME."]
    };
  let note = config.oci && homeDirectoryNote(config.oci.configFile, homes) !== void 0 ? `; clients in Go and Java use the account's, ${account}` : "";
  return { value: null, text: `${home}${note}` };
}
function checkDirectory({ files, assertWritable: assertWritable2 }, place) {
  assertSafe(files, place);
  let directory = path.dirname(place.file), [missing] = missingDirectories(files, directory);
  return assertWritable2(missing === void 0 ? directory : path.dirname(missing)), files.kind(place.store) === "directory" && assertWritable2(place.store), { value: null, text: `${directory}: ${missing === void 0 ? "writable by this user, not by others" : "the login will create it"}` };
}
function checkProfile({ files }, place, overwrite, adviseOn) {
  let { file, section } = place, content = assertReadable(place, readText(files, file)), present = replaceable(content, { place, overwrite }), advice = adviseOn(content).map((one) => `${file} ${one}.`), owner = present && ownerOf(textOf(content, present));
  present !== void 0 && owner === void 0 && advice.push(`[${section}] exists; the login replaces it and the post step restores it.`);
  let left = `[${section}] belongs to an earlier login and may be replaced`;
  return { value: null, text: present === void 0 ? `[${section}] is free` : left, advice };
}
function checkVariables({ runner: { env }, config: { oci, aws } }) {
  return { value: null, text: "none overrides the profile", advice: [
    ...oci ? overrideWarning(env, oci.profile) : [],
    aws?.exportEnvironment ? awsProfileWarning(env, aws.profile) : void 0
  ] };
}
function checkProxy({ runner, proxyFor: proxyFor2, given, config: { domainUrl, oci, aws } }) {
  let proxies = [
    ...oci ? githubUrls(runner.env) : [],
    ...given("domain-url").done ? [domainUrl] : [],
    ...aws ? [stsEndpoint({ ...aws, endpoint: aws.stsEndpoint })] : []
  ].flatMap((url) => {
    let proxy = proxyFor2(url);
    return proxy === void 0 ? [] : [`${proxy.url.host} for ${url.hostname}`];
  });
  return { value: null, text: proxies.length > 0 ? proxies.join(", ") : "none" };
}
function githubUrls(env) {
  try {
    return [findIdTokenSource(env).url];
  } catch {
    return [];
  }
}

// src/checks/role.ts
var CLIENT = ["client-id", "client-secret", "aws-client-id", "aws-client-secret", "aws-scope"], REQUEST = [
  "aws-role-session-name",
  "aws-role-duration-seconds",
  "aws-session-policy",
  "aws-managed-session-policies",
  "aws-allowed-account-ids",
  "aws-sts-endpoint"
], MINUTE_MS = 6e4;
async function checkRole(consultation, domain) {
  let { checkup, runner, http, clock, given, config } = consultation, { domainUrl } = config, aws = roleWanted(consultation);
  checkup.begin("AWS");
  let token = await checkup.check("access token", [aws, domain, given(...CLIENT)], async (role) => {
    let value = await requestAccessToken(http, { ...role, domainUrl, credentials: role.client });
    runner.mask(value);
    let claims = decodeAccessToken(value), subject = currentSubject(claims, clock.now()), expiresAt = (claims.exp ?? 0) * 1e3, minutes = Math.round((expiresAt - clock.now()) / MINUTE_MS), identity = { token: value, subject, expiresAt, keyId: claims.kid };
    return { value: { role, claims, identity }, text: `sub ${subject}, for ${minutes} min` };
  }), issuer = await checkup.check("issuer", [token], ({ claims, identity }) => {
    let text = issuerOf(claims, domainUrl);
    return { value: { ...identity, issuer: text }, text };
  }), audience = await checkup.check("audience", [token, given("aws-audience")], ({ claims, role }) => (assertAudience(claims, role.audience), { value: role, text: `${role.audience}, alone` })), key = await checkup.check("published key", [issuer], async (identity) => {
    let advice = [await checkPublishedKeys(http, identity)];
    return {
      value: identity,
      text: `${quote(identity.keyId ?? "one", [])} is where AWS will look for it`,
      advice
    };
  });
  await checkup.check("role", [key, audience, given(...REQUEST)], async (found, role) => {
    let { assumeRole: assume } = await import("./aws-assume-role.js"), identity = { ...found, audience: role.audience }, opened = await openAwsSession(consultation, role, { identity, assume }), { assumedRoleArn, expiresAt } = opened.credentials, minutes = Math.round((expiresAt - clock.now()) / MINUTE_MS);
    return { value: null, text: `${assumedRoleArn}, for ${minutes} min` };
  });
}
function roleWanted({ config, given }) {
  let known = given("aws-role-arn", "aws-region");
  return known.done ? config.aws ? { done: !0, value: config.aws } : { done: !1, missing: "`aws-role-arn`" } : known;
}

// src/checks/session.ts
var SECOND_MS = 1e3, MINUTE_MS2 = 60 * SECOND_MS;
async function checkSession(consultation, oci, domain) {
  let { checkup, runner, clock, given } = consultation, keyPair2 = await consultation.keyPair;
  runner.mask(keyPair2.privateKeyPem), checkup.begin("OCI session");
  let identity = await checkup.check("identity token", [given("audience")], async () => {
    let source = findIdTokenSource(runner.env), first = await askForIdToken(consultation, source, oci), text = `GitHub vouches for this job, for ${Math.round((first.expiresAt - clock.now()) / SECOND_MS)} s`;
    return { value: { source, first }, text, facts: diagnosticClaims(first) };
  }), { domainUrl, client: credentials } = consultation.config, ofResource = oci.resource ? ["resource-type", "rpst-lifetime-seconds"] : [], needs = [identity, domain, given("client-id", "client-secret", ...ofResource)], answer = await settle(
    () => withNeeds(
      needs,
      (found) => exchange(consultation, { ...found, keyPair: keyPair2, config: oci, domainUrl, credentials })
    )
  );
  await checkup.check("application", [], () => checkApplication(answer));
  let exchanged = await checkup.check("exchange", [], () => {
    if ("error" in answer) throw isAboutClient(answer) ? new Skip("needs application") : answer.error;
    return { value: answer, text: `granted, request id ${answer.requestId ?? "(none given)"}` };
  });
  await checkGranted(consultation, oci, keyPair2, exchanged);
}
async function checkGranted(consultation, oci, keyPair2, exchanged) {
  let { checkup, clock, given } = consultation, { tenancy, resource } = oci, kind = kindOf(oci), session = await checkup.check("session", [exchanged], (answered) => {
    let claims = parseSessionTokenClaims(answered.token, { kind, requestId: answered.requestId }), what = resource === void 0 ? "" : `resource ${quote(resource.type, [])}, `;
    return { value: { claims, ...answered }, text: `acts as ${what}${claims.principal}` };
  });
  if (await checkup.check("tenancy", [session, given("tenancy")], ({ claims, requestId }) => {
    assertTenancy(claims, { tenancy, requestId });
    let how = tenancy === void 0 ? "; `tenancy` would hold the login to it" : ", as expected";
    return { value: null, text: `${claims.tenancy}${how}` };
  }), await checkup.check("key binding", [session], ({ claims, requestId }) => (assertBindsKey(claims, { publicJwk: keyPair2.publicJwk, requestId }), { value: null, text: "bound to this job's key" })), await checkup.check("lifetime", [session], async ({ claims, serverTime, requestId }) => {
    let now = clock.now();
    return assertCurrent(claims, { now, serverTime, requestId }), {
      value: null,
      text: `${Math.round((claims.expiresAt - now) / MINUTE_MS2)} min`,
      advice: [await adviseOnLife(oci, claims, now, serverTime)]
    };
  }), !oci.verify) return;
  let called = [session, given("verify", "verify-endpoint", "region")];
  await checkup.check("verification", called, async ({ claims, token }) => {
    let endpoint = oci.verifyEndpoint ?? objectStorageOf(oci.region, claims.tenancy), { privateKeyPem } = keyPair2, { namespace } = await verifySession(consultation, endpoint, { token, privateKeyPem });
    return { value: null, text: `OCI accepts a signed call, for namespace ${namespace}` };
  });
}
async function settle(work) {
  try {
    return await work();
  } catch (error) {
    return { error: error instanceof Skip ? error : toActionError(error) };
  }
}
function isAboutClient(answer) {
  return "error" in answer && !(answer.error instanceof Skip) && answer.error.code === "OCI_CLIENT_REJECTED";
}
function checkApplication(answer) {
  let ok = { value: null, text: "id and secret accepted" };
  if (!("error" in answer)) return ok;
  let { error } = answer;
  if (error instanceof Skip || isAboutClient(answer)) throw error;
  if (!["OCI_NO_RULE_MATCHED", "OCI_NOT_A_SERVICE_USER", "OCI_EXCHANGE_REJECTED"].includes(
    error.code
  )) throw new Skip("needs an answer to the exchange");
  return ok;
}

// src/checks/doctor.ts
async function examine(parts, inputs) {
  let { config, invalidInputs, errors, advice, wantsRole } = inputs, checkup = createCheckup(parts.tell);
  for (let { basic } of /* @__PURE__ */ new Set([config.client, config.aws?.client ?? config.client]))
    parts.runner.mask(basic);
  let consultation = { ...parts, checkup, config, given: (...names) => {
    let wrong = names.filter((name) => invalidInputs.has(name));
    return wrong.length === 0 ? { done: !0, value: null } : { done: !1, missing: wrong.map((name) => `\`${name}\``).join(", ") };
  }, wantsRole };
  checkup.begin("Machine"), await checkup.check("inputs", [], () => {
    if (errors.length > 0) throw invalidInputsError(errors);
    return { value: null, text: "complete and well-formed", advice };
  }), await checkMachine(consultation);
  let domain = await checkDomain(consultation);
  return config.oci !== void 0 && await checkSession(consultation, config.oci, domain), wantsRole && await checkRole(consultation, domain), checkup.findings;
}

// src/node/writable.ts
function assertWritable(directory, { fs } = thisSystem) {
  withFileErrors(directory, () => fs.accessSync(directory, fs.constants.W_OK | fs.constants.X_OK));
}

// src/report/doctor-report.ts
var COLORS = { ok: 32, warning: 33, failure: 31, skipped: 90 }, SIGNS = { ok: "✅", warning: "⚠️", failure: "❌", skipped: "➖" }, [VERDICT_WIDTH, CHECK_WIDTH] = [7, 16], INDENT = " ".repeat(VERDICT_WIDTH + 2 + CHECK_WIDTH + 2), colored = (color, text) => `\x1B[${color}m${text}\x1B[0m`;
function createCheckLog(runner) {
  let current;
  return ({ group, check, verdict, text, remedy, facts = {}, error }) => {
    group !== current && runner.info(`${current === void 0 ? "" : `
`}${colored(1, group)}`), current = group;
    let word = colored(COLORS[verdict], verdict.padEnd(VERDICT_WIDTH));
    runner.info(`${word}  ${check.padEnd(CHECK_WIDTH)}  ${text}`);
    let help = error === void 0 ? "" : ` See ${helpUrl(runner, error.code)}`;
    if (remedy !== void 0) runner.info(`${INDENT}→ ${remedy}${help}`);
    else for (let [name, value] of Object.entries(facts)) runner.info(`${INDENT}${name}: ${value}`);
  };
}
function reportDoctor(runner, results, result) {
  let failed2 = results.filter(({ verdict }) => verdict === "failure"), totals = totalsOf(results);
  if (runner.info(""), failed2.length === 0) runner.info(totals);
  else {
    let names = failed2.map(({ check }) => check).join(", ");
    runner.error(`Failed checks: ${names}. The log shows what to do. Total: ${totals}.`);
  }
  runner.output("result", result), runner.summary([...overview(runner, results, totals), ...failed2.flatMap(detailsOf), ""].join(`
`));
}
function overview(runner, results, totals) {
  let lines = results.map(({ verdict, check, text, remedy, error }) => {
    let help = error === void 0 ? "" : ` Likely causes: ${helpLink(runner, error.code)}`, action = remedy === void 0 ? "" : ` **→** ${escapeMarkup(remedy)}${help}`;
    return `| ${SIGNS[verdict]} ${verdict} | ${check} | ${escapeMarkup(text)}${action} |`;
  }), claims = results.flatMap(
    ({ verdict, facts = {} }) => verdict === "ok" ? Object.entries(facts) : []
  ), table = tableOf(claims.map(([name, value]) => [name, literal(value)]));
  return [
    `### Doctor: ${totals}`,
    "",
    "| | Check | Result |",
    "| --- | --- | --- |",
    ...lines,
    ...claims.length === 0 ? [] : ["", "<details><summary>Claims of the job's ID token</summary>", "", ...table, "", "</details>"]
  ];
}
function detailsOf({ check, error }) {
  if (error === void 0 || error.details.length + error.snippets.length === 0) return [];
  let details = error.details.map((detail) => `- ${escapeMarkup(detail)}`);
  return ["", `#### ${check}`, "", ...details, "", ...error.snippets.flatMap(snippetLines)];
}
function totalsOf(results) {
  return ["failure", "warning", "ok", "skipped"].flatMap((verdict) => {
    let count = results.filter((result) => result.verdict === verdict).length, plural = count > 1 && (verdict === "failure" || verdict === "warning") ? "s" : "";
    return count === 0 ? [] : [`${count} ${verdict}${plural}`];
  }).join(", ");
}

// src/doctor.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
try {
  let homes = findHomeDirectories(), context = { home: homes.home, workspace: githubRunner.env("GITHUB_WORKSPACE") }, inputs = readPartialConfig(readMaskedInput, context), { config, invalidInputs } = inputs, advice = invalidInputs.size === 0 ? configWarnings(config) : [], wantsRole = readMaskedInput("aws-role-arn") !== "", parts = {
    runner: githubRunner,
    clock: systemClock,
    files: nodeFiles,
    keyPair,
    homes,
    assertWritable,
    proxyFor,
    tell: createCheckLog(githubRunner)
  }, findings = await examine({ ...parts, http: httpFor(config) }, { ...inputs, advice, wantsRole }), result = verdictOf(findings);
  if (result === "failure" && (process.exitCode = 1), reportDoctor(githubRunner, findings, result), githubRunner.isDebug()) {
    let { logStack } = await import("./report-failure.js");
    for (let { error } of findings) error !== void 0 && logStack(githubRunner, error);
  }
} catch (error) {
  process.exitCode = 1;
  let { reportFailure } = await import("./report-failure.js");
  await reportFailure(githubRunner, toActionError(error), !0);
}
