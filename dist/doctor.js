import {
  fetchSigningKeys
} from "./shared-12.js";
import {
  clusterHosts,
  requestCluster
} from "./shared-10.js";
import {
  basicsOf,
  configWarnings,
  createRunnerProcesses,
  escapeMarkup,
  findHomeDirectories,
  helpLink,
  helpUrl,
  homeDirectoryNote,
  httpFor,
  inputContext,
  invalidInputsError,
  literal,
  logStack,
  overrideWarning,
  proxyFor,
  readMaskedInput,
  readPartialConfig,
  reportFailure,
  requestSigner,
  snippetLines,
  tableOf,
  verifySession,
  withReason
} from "./shared-8.js";
import {
  githubRunner,
  jobIdentity
} from "./shared-1.js";
import {
  assertAudience,
  assertIssuer,
  decodeAccessToken,
  isOfDomain,
  show
} from "./shared-7.js";
import {
  githubIdTokens
} from "./shared-16.js";
import {
  nodeFiles
} from "./shared-20.js";
import "./shared-2.js";
import {
  systemClock
} from "./shared-22.js";
import {
  hostsFor
} from "./shared-19.js";
import {
  assertSafe,
  assertUnused,
  awsFileWarning,
  planAwsProfile
} from "./shared-5.js";
import {
  awsProfileWarning
} from "./shared-6.js";
import {
  basicAuthOf,
  requestRegistryToken,
  tokenHostOf
} from "./shared-11.js";
import {
  adviseOnClock,
  adviseOnLifetime,
  adviseOnSigner,
  assertBindsKey,
  assertCurrent,
  assertTenancy,
  diagnosticClaims,
  exchangeToken,
  parseSessionToken,
  proofOf,
  requesterOf
} from "./shared-9.js";
import {
  CLOCK_TOLERANCE_MS,
  explainTransport,
  unavailable
} from "./shared-3.js";
import {
  ServiceRefusal,
  TransportError
} from "./shared-14.js";
import {
  dockerConfigFile,
  membersOf
} from "./shared-24.js";
import "./shared-15.js";
import {
  INI,
  adviseOnConfigText,
  adviseOnFaults,
  assertReadable,
  entryOfSection,
  findReplaceable,
  missingDirectories,
  ociTarget,
  readLedger,
  readText
} from "./shared-25.js";
import {
  generateSessionKeyPair
} from "./shared-23.js";
import {
  homeVariable
} from "./shared-17.js";
import {
  isRetryableStatus,
  parseObject,
  quote,
  serverTimeOf
} from "./shared-27.js";
import {
  ActionError,
  titled,
  toActionError,
  toFailure
} from "./shared-13.js";
import "./shared-28.js";

// src/checks/check.ts
var Skip = class extends Error {
};
function createCheck(group, report, explain = async (failure) => failure) {
  return async (check, needs, run) => {
    let settle = (outcome) => report({ group, check, ...outcome });
    try {
      let { value, text, advice = [], facts } = await withNeeds(needs, run), warnings = advice.filter((one) => one !== void 0);
      return warnings.length === 0 ? settle({ verdict: "ok", text, facts }) : settle({ verdict: "warning", text: warnings.join(" "), facts }), { done: !0, value };
    } catch (error) {
      return error instanceof Skip ? settle({ verdict: "skipped", text: error.message }) : settle(failed(await explain(toFailure(error)))), { done: !1, missing: check };
    }
  };
}
async function withNeeds(needs, run) {
  let missing = needs.flatMap((need) => need.done ? [] : [need.missing]);
  if (missing.length > 0) throw new Skip(`needs ${[...new Set(missing)].join(", ")}`);
  let values = needs.map((need) => need.done ? need.value : void 0);
  return run(...values);
}
function failed(error) {
  let { code, message, requestId } = error, id = requestId === void 0 ? "" : ` Request ID: ${requestId}.`;
  return { verdict: "failure", text: `${code}: ${message}${id}`, error };
}
function verdictOf(reports) {
  let has = (verdict) => reports.some((report) => report.verdict === verdict);
  return has("failure") ? "failure" : has("warning") ? "warning" : "ok";
}

// src/checks/clusters.ts
var PROBE_MS = 5e3;
async function checkClusters(context, { region }, { clusters, endpoint, server: override }, session) {
  let { check, http, validInputs } = context, needs = [session, validInputs("region", "oke-cluster", "oke-endpoint", "oke-server")];
  for (let cluster of clusters)
    await check(`cluster c${cluster.id.slice(-10)}`, needs, async (proof) => {
      let located = { id: cluster.id, ...clusterHosts(cluster, region) }, { server } = await requestCluster(context, located, endpoint, proof), host = quote(server.host, []), text = `OKE in ${located.region} lets the session use it; server ${host}`, failure = override === void 0 ? await failureToReach(http, server) : void 0;
      return {
        text,
        advice: [failure && `${text}, but from here ${failure}. Check \`oke-endpoint\` and the network.`]
      };
    });
}
async function failureToReach(http, server) {
  try {
    await http.send(
      { method: "GET", url: new URL("/version", server), headers: {} },
      { timeoutMs: PROBE_MS }
    );
    return;
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return ["untrusted", "unusable"].includes(error.failure) ? void 0 : error.message;
  }
}

// src/checks/domain.ts
async function checkDomain(context) {
  let { check, http, clock, config, validInputs, wantsRole } = context, { domainUrl } = config, domain = await check("domain", [validInputs("domain-url")], async () => {
    let value = await fetchDiscovery(http, domainUrl), how = domainUrl.protocol === "https:" ? "certificate accepted" : "without TLS, on loopback";
    return { value, text: `${domainUrl.host} responds, ${how}` };
  });
  await check("clock", [domain], (response) => {
    let serverTime = serverTimeOf(response);
    if (serverTime === void 0) return { text: "", advice: ["The domain does not send its time."] };
    let advice = adviseOnClock(clock.now(), serverTime), isRefused = config.oci && Math.abs(clock.now() - serverTime) > CLOCK_TOLERANCE_MS;
    if (advice !== void 0 && isRefused) throw new ActionError("OCI_CLOCK_SKEWED", advice);
    return { text: "agrees with the domain's", advice: [advice] };
  });
  let discovery = await check("discovery", [domain], (response) => {
    let value = processDiscoveryResponse(response);
    return { value, text: `issuer ${quote(value.issuer, [])}` };
  });
  return await check("signing keys", [discovery], async (document) => {
    try {
      let { ids } = await fetchSigningKeys(http, document, domainUrl.origin);
      return { text: `public, ${ids.length} ${ids.length === 1 ? "key" : "keys"}` };
    } catch (error) {
      if (error instanceof TransportError) return { text: "", advice: [`${error.message}.`] };
      if (!(error instanceof ActionError && error.code === "AWS_SIGNING_KEYS_HIDDEN") || wantsRole) throw error;
      return { text: "not public; only a login to AWS needs them" };
    }
  }), domain;
}
async function fetchDiscovery(http, domainUrl) {
  let request = { method: "GET", url: new URL("/.well-known/openid-configuration", domainUrl), headers: { accept: "application/json" } }, label = "the domain's discovery document";
  try {
    let { response } = await http.retry({ label }, async () => ({ response: await http.send(request) }));
    return response;
  } catch (error) {
    throw explainTransport(error, "domain", `Requesting ${label}`);
  }
}
function processDiscoveryResponse({ status, text, attempts }) {
  if (isRetryableStatus(status))
    throw unavailable(new ServiceRefusal("domain", { status, attempts, requestId: void 0 }));
  let members = status === 200 ? parseObject(text) : void 0, issuer = members?.issuer;
  if (members !== void 0 && typeof issuer == "string") return { ...members, issuer };
  let message = `The domain responded to a request for its discovery document with ${status === 200 ? "a page that is no discovery document" : `status ${status}`}.`;
  throw titled("OCI_RESPONSE_MALFORMED", message, { status });
}

// src/checks/machine.ts
import path from "node:path";
async function checkMachine(context) {
  let { check, validInputs, runner, homes } = context, { oci, aws } = context.config;
  if (await check("home", [], () => checkHome(context)), oci !== void 0) {
    let target = () => ociTarget(oci.configFile, oci.profile), directory = await check(
      "config directory",
      [validInputs("config-file")],
      () => checkDirectory(context, target())
    );
    await check(
      "profile",
      [directory, validInputs("profile", "overwrite-profile")],
      () => checkProfile(
        context,
        target(),
        oci.overwriteProfile,
        (content) => adviseOnConfigText(content, oci.profile)
      )
    );
  }
  if (aws?.profile !== void 0 && homes.home !== void 0) {
    let { env } = runner;
    for (let kind of ["credentials", "config"])
      await check(`AWS ${kind}`, [validInputs("aws-profile", "overwrite-profile")], () => {
        let target = planAwsProfile({ ...context, ...homes, env }, aws, oci)?.[kind];
        if (target === void 0) return { text: "" };
        checkDirectory(context, target);
        let adviseOn = (content) => [adviseOnFaults(content)].flatMap((one) => one ?? []), { text, advice } = checkProfile(context, target, aws.overwriteProfile, adviseOn);
        return { text, advice: [...advice, awsFileWarning(env, kind, target.file)] };
      });
  }
  await check("variables", [], () => checkVariables(context)), await check("proxy", [], () => checkProxy(context));
}
function checkHome({ homes, config }) {
  let { home, account } = homes, absent = `Neither ${homeVariable()} nor the account has an absolute home directory. Set ${homeVariable()}.`;
  if (home === void 0) return { text: "", advice: [absent] };
  let note = config.oci && homeDirectoryNote(config.oci.configFile, homes) !== void 0 ? `; clients in Go and Java use the account's, ${account}` : "";
  return { text: `${home}${note}` };
}
function checkDirectory({ files }, target) {
  assertSafe(files, target);
  let directory = path.dirname(target.file), [missing] = missingDirectories(files, directory);
  files.assertWritable(missing === void 0 ? directory : path.dirname(missing));
  let sessions = target.directory === null ? directory : path.dirname(target.directory);
  files.kind(sessions) === "directory" && files.assertWritable(sessions);
  let writable = process.platform === "win32" ? "exists" : "writable by this user, not by others";
  return { text: `${directory}: ${missing === void 0 ? writable : "the login will create it"}` };
}
function checkProfile({ files, clock, jobId, runnerProcesses }, target, overwrite, adviseOn, format = INI) {
  let { file, section, member } = target, name = member === void 0 ? `[${section}]` : `${section} in ${member}`, warnings = [], warn = (text) => warnings.push(text), ledger = readLedger(files, file);
  assertUnused({ jobId, runnerProcesses, now: clock.now(), warn }, ledger, target);
  let content = readText(files, file);
  assertReadable(target, content, format);
  let isKnown = (one) => entryOfSection(ledger, target, one, format) !== void 0, present = findReplaceable(content, { target, overwrite }, isKnown, format), advice = [...warnings, ...adviseOn(content).map((one) => `${file} ${one}.`)];
  return present === void 0 ? { text: `${name} is free`, advice } : format.writerOf(present.text) === void 0 && !isKnown(present) ? (advice.push(`${name} exists; the login replaces it and the clean-up restores it.`), { text: `${name} was not written by a login`, advice }) : {
    text: `${name} was written by another login. A login replaces it when the job of that login has ended`,
    advice
  };
}
function checkVariables({ runner: { env }, config: { oci, aws } }) {
  return { text: "none overrides the profile", advice: [
    ...oci ? overrideWarning(env, oci.profile) : [],
    aws?.exportEnvironment ? awsProfileWarning(env, aws.profile) : void 0
  ] };
}
function checkProxy({ findIdTokens, proxyFor: proxyFor2, validInputs, config: { domainUrl, oci, aws } }) {
  return { text: [
    ...oci ? idTokenUrls(findIdTokens) : [],
    ...validInputs("domain-url").done ? [domainUrl] : [],
    ...aws ? [aws.stsEndpoint] : []
  ].flatMap((url) => {
    let proxy = proxyFor2(url);
    return proxy === void 0 ? [] : [`${proxy.url.host} for ${url.hostname}`];
  }).join(", ") || "none" };
}
function idTokenUrls(findIdTokens) {
  try {
    let { url } = findIdTokens();
    return url === void 0 ? [] : [url];
  } catch {
    return [];
  }
}

// src/checks/registries.ts
async function checkRegistries(context, oci, session) {
  let { check, runner, validInputs } = context, needs = [session, validInputs("ocir-registries", "region")], registries = await check("registries", needs, (value) => {
    let hosts = hostsFor(oci, value.sessionToken.tenancy);
    return { value: { hosts, proof: proofOf(value) }, text: hosts.join(", ") };
  }), inputs = validInputs("overwrite-profile", "ocir-login");
  await check("Docker config", [registries, inputs], ({ hosts }) => checkConfig(context, oci, hosts)), await check("registry tokens", [registries], async ({ hosts, proof }) => {
    let tokenHosts = [...new Set(hosts.map(tokenHostOf))];
    for (let host of tokenHosts) {
      let granted = await requestRegistryToken(context, host, proof);
      for (let secret of [granted.token, basicAuthOf(granted)]) runner.mask(secret);
    }
    return { text: `granted by ${tokenHosts.join(", ")}` };
  });
}
function checkConfig(context, oci, hosts) {
  let file = dockerConfigFile(context.files, context.runner.env, context.homes.home), member = oci.registryLogin ? "auths" : "credHelpers", targetOf = (section) => ({ file, section, member, directory: null });
  checkDirectory(context, targetOf(""));
  let checked = hosts.map(
    (host) => checkProfile(context, targetOf(host), oci.overwriteProfile, () => [], membersOf(member))
  );
  return { text: `${file}: ${checked.map((one) => one.text).join("; ")}`, advice: checked.flatMap(({ advice }) => advice) };
}

// src/checks/role.ts
var CLIENT = [
  "client-id",
  "client-secret",
  "aws-client-id",
  "aws-client-secret",
  "aws-token-source",
  "aws-scope"
], REQUEST = [
  "aws-role-session-name",
  "aws-role-duration-seconds",
  "aws-session-policy",
  "aws-managed-session-policies",
  "aws-allowed-account-ids",
  "aws-sts-endpoint"
], MINUTE_MS = 6e4;
async function checkRole(context, domain, session) {
  let { check, clock, validInputs, config } = context, { domainUrl } = config, minutesUntil = (time) => Math.round((time - clock.now()) / MINUTE_MS), aws = configuredRole(context), access = await check("access token", [aws, domain, validInputs(...CLIENT)], async (aws2) => {
    if (aws2.client === void 0 && !session.done) throw new Skip(`needs ${session.missing}`);
    let opened = session.done ? { session: session.value } : void 0, { requestIdentity } = await import("./login-aws-session.js"), { token, advise } = await requestIdentity(context, { domainUrl, aws: aws2 }, opened), value = decodeAccessToken(token, clock.now()), text = `sub ${value.subject}, for ${minutesUntil(value.expiresAt)} min`;
    return { value, text, advice: [advise?.({ ...aws2, ...value })] };
  }), issued = await check("issuer", [access], ({ claims }) => {
    let issuer = assertIssuer(claims, domainUrl), advice = [
      isOfDomain(issuer, domainUrl.origin) ? void 0 : `${issuer} is not \`domain-url\`: the provider in AWS must name it.`
    ];
    return { value: issuer, text: issuer, advice };
  }), audience = await check(
    "audience",
    [access, aws, validInputs("aws-audience")],
    ({ claims }, requested) => {
      let compared = assertAudience(claims, requested), isUsual = compared === requested.audience, other = `AWS compares \`azp\`, ${show(compared)}: the provider's client ID list must have it.`;
      return { value: compared, text: `only ${compared}`, advice: [isUsual ? void 0 : other] };
    }
  );
  await check(
    "role",
    [access, issued, audience, aws, validInputs(...REQUEST)],
    async (token, issuer, audience2, aws2) => {
      let identity = { ...token, issuer, audience: audience2 }, { openRoleSession } = await import("./login-aws-session.js"), { credentials } = await openRoleSession(context, { domainUrl, aws: aws2 }, identity), { assumedRoleArn, expiresAt } = credentials;
      return { text: `${assumedRoleArn}, for ${minutesUntil(expiresAt)} min` };
    }
  );
}
function configuredRole({ config, validInputs }) {
  let inputs = validInputs("aws-role-arn", "aws-region");
  return inputs.done ? config.aws ? { done: !0, value: config.aws } : { done: !1, missing: "`aws-role-arn`" } : inputs;
}

// src/checks/session.ts
var MINUTE_MS2 = 6e4, OTHER_AUDIENCE = "urn:oci-wif-action:doctor", EXCHANGE_REFUSALS = ["OCI_NO_RULE_MATCHED", "OCI_NOT_A_SERVICE_USER", "OCI_EXCHANGE_REJECTED"], REQUESTER_REFUSALS = ["OCI_CLIENT_REJECTED", "OCI_SIGNER_REJECTED"];
async function checkRequester(context) {
  let { check, config, validInputs } = context, { client } = config, inputs = validInputs("client-auth", "client-id", "client-secret");
  return client.kind === "secret" ? inputs.done ? { done: !0, value: client } : inputs : check(client.kind, [inputs], async () => {
    let value = await requesterOf(context, config), facts = "facts" in value ? value.facts : {};
    return { value, text: "OCI issued a token", facts };
  });
}
async function checkSession(context, oci, domain) {
  let { check, runner, clock, validInputs, config } = context, keyPair2 = await context.keyPair;
  runner.mask(keyPair2.privateKeyPem);
  let identity = await check("identity token", [validInputs("audience")], async () => {
    let source = context.findIdTokens(), first = await source.request(context, oci.audience), seconds = Math.round((first.expiresAt - clock.now()) / 1e3), text = `${source.issuer} issued the job's token, for ${seconds} s`, facts = diagnosticClaims(first, source.adviseOn(first.claims));
    return { value: { source, first }, text, facts };
  }), ofResource = oci.resource ? ["resource-type", "rpst-lifetime-seconds"] : [], client = await checkRequester(context), needs = [identity, domain, client, validInputs(...ofResource)], exchange = withNeeds(
    needs,
    (input, _domain, requester) => exchangeToken(context, { ...config, oci }, { ...input, requester, publicKey: keyPair2 })
  ), error = await exchange.then(
    () => {
    },
    (reason) => reason
  ), isClient = config.client.kind === "secret", caller = isClient ? "application" : "signer";
  await check(caller, [], () => {
    if (error instanceof Skip || isCode(error, ...REQUESTER_REFUSALS)) throw error;
    if (!isClient && isCode(error, "OCI_EXCHANGE_REJECTED")) throw new Skip("needs exchange");
    if (error !== void 0 && !isCode(error, ...EXCHANGE_REFUSALS))
      throw new Skip("needs a response to the exchange");
    let advice = [adviseOnSigner(config.client.kind, oci.resource)];
    return { text: isClient ? "id and secret accepted" : "signature accepted", advice };
  });
  let token = await check("exchange", [], async () => {
    if (isCode(error, ...REQUESTER_REFUSALS)) throw new Skip(`needs ${caller}`);
    let value = await exchange;
    return { value, text: `granted, request ID ${value.requestId ?? "(none)"}` };
  });
  return await checkAudience(context, oci, keyPair2, [identity, client, token]), checkSessionToken(context, oci, keyPair2, token);
}
async function checkAudience(context, oci, publicKey, needs) {
  let { check, config, http } = context;
  await check("other audience", needs, async ({ source }, requester) => {
    let other = { ...config, oci: { ...oci, audience: OTHER_AUDIENCE } }, once = { ...context, http: { ...http, retry: (_call, attempt) => attempt() } };
    try {
      let first = await source.request(once, OTHER_AUDIENCE);
      if (first.claims.aud !== OTHER_AUDIENCE)
        throw new Skip("needs a token for another audience, which the job cannot get");
      await exchangeToken(once, other, { source, first, publicKey, requester });
    } catch (error) {
      if (error instanceof Skip) throw error;
      if (isCode(error, ...REQUESTER_REFUSALS, ...EXCHANGE_REFUSALS)) return { text: "refused by the trust" };
      throw new Skip("needs a response to a second exchange");
    }
    return { text: "", advice: [`The trust checks no audience: it also accepts this job's token for ${OTHER_AUDIENCE}. Set its \`clientClaimName\` to aud and its \`clientClaimValues\` to ${quote(oci.audience, [])}, unless it compares another claim on purpose.`] };
  });
}
function isCode(error, ...codes) {
  return error instanceof ActionError && codes.includes(error.code);
}
async function checkSessionToken(context, oci, keyPair2, exchanged) {
  let { check, clock, validInputs } = context, { tenancy, resource } = oci, session = await check("session", [exchanged], ({ token, requestId, serverTime }) => {
    let sessionToken = parseSessionToken(token, oci.resource, requestId), what = resource === void 0 ? "" : `resource ${quote(resource.type, [])}, `;
    return { value: { sessionToken, keyPair: keyPair2, serverTime }, text: `acts as ${what}${sessionToken.principal}` };
  });
  if (await check("tenancy", [session, validInputs("tenancy")], ({ sessionToken }) => {
    assertTenancy(sessionToken, tenancy);
    let how = tenancy === void 0 ? "; `tenancy` would make the login check it" : ", as expected";
    return { text: `${sessionToken.tenancy}${how}` };
  }), await check("key binding", [session], ({ sessionToken }) => (assertBindsKey(sessionToken, keyPair2), { text: "bound to this job's key" })), await check("lifetime", [session], ({ sessionToken, serverTime }) => {
    let now = clock.now(), { expiresAt } = sessionToken;
    assertCurrent(sessionToken, now, serverTime);
    let advice = [adviseOnLifetime(resource?.lifetimeSeconds, expiresAt, now, serverTime)];
    return { text: `${Math.round((expiresAt - now) / MINUTE_MS2)} min`, advice };
  }), !oci.verify) return session;
  let needs = [session, validInputs("verify", "verify-endpoint", "region")];
  return await check("verification", needs, async ({ sessionToken }) => {
    let { namespace } = await verifySession(context, oci, { sessionToken, keyPair: keyPair2 });
    return { text: `OCI accepts a signed call, for namespace ${namespace}; policies were not tested` };
  }), session;
}

// src/checks/doctor.ts
async function runChecks(deps) {
  let { config, invalidInputs, errors, advice, wantsRole, runner } = deps, { client, oci, aws } = config;
  for (let basic of basicsOf(client, aws?.client)) runner.mask(basic);
  let reports = [], validInputs = (...names) => {
    let wrong = names.filter((name) => invalidInputs.has(name)).map((name) => `\`${name}\``);
    return wrong.length > 0 ? { done: !1, missing: wrong.join(", ") } : { done: !0, value: null };
  }, report = (result) => {
    reports.push(result), deps.report(result);
  }, contextOf = (group) => ({
    ...deps,
    validInputs,
    check: createCheck(group, report, deps.explain)
  }), machine = contextOf("Machine");
  await machine.check("inputs", [], () => {
    if (errors.length > 0) throw invalidInputsError(errors);
    return { text: "complete and well-formed", advice };
  }), await checkMachine(machine);
  let domain = await checkDomain(contextOf("Identity domain")), session = { done: !1, missing: "session" };
  return oci !== void 0 && (session = await checkSession(contextOf("OCI session"), oci, domain), oci.oke !== void 0 && await checkClusters(contextOf("Kubernetes"), oci, oci.oke, session), oci.exportFor.includes("ocir") && await checkRegistries(contextOf("Container registry"), oci, session)), wantsRole && await checkRole(contextOf("AWS"), domain, session), reports;
}

// src/report/doctor-report.ts
var COLORS = { ok: 32, warning: 33, failure: 31, skipped: 90 }, SIGNS = { ok: "✅", warning: "⚠️", failure: "❌", skipped: "➖" }, [VERDICT_WIDTH, CHECK_WIDTH] = [7, 16], INDENT = " ".repeat(VERDICT_WIDTH + 2 + CHECK_WIDTH + 2), colored = (color, text) => `\x1B[${color}m${text}\x1B[0m`;
function createCheckLog(runner) {
  let current;
  return ({ group, check, verdict, text, facts = {}, error }) => {
    group !== current && current !== void 0 && runner.info(""), group !== current && runner.info(colored(1, group)), current = group;
    let word = colored(COLORS[verdict], verdict.padEnd(VERDICT_WIDTH));
    if (runner.info(`${word}  ${check.padEnd(CHECK_WIDTH)}  ${text}`), error instanceof ActionError)
      runner.info(`${INDENT}→ ${error.remedy} See ${helpUrl(runner, error.code)}`);
    else for (let [name, value] of Object.entries(facts)) runner.info(`${INDENT}${name}: ${value}`);
  };
}
function reportDoctor(runner, reports, result) {
  let failed2 = reports.filter(({ verdict }) => verdict === "failure"), totals = totalsOf(reports), names = failed2.map(({ check }) => check).join(", ");
  runner.info(""), failed2.length === 0 ? runner.info(totals) : runner.error(`Failed checks: ${names}. The log shows what to do. Total: ${totals}.`), runner.output("result", result), runner.summary([...overview(runner, reports, totals), ...failed2.flatMap(detailsOf), ""].join(`
`));
}
function overview(runner, reports, totals) {
  let lines = reports.map(({ verdict, check, text, error }) => {
    let help = error instanceof ActionError && ` **→** ${escapeMarkup(error.remedy)} Likely causes: ${helpLink(runner, error.code)}`;
    return `| ${SIGNS[verdict]} ${verdict} | ${check} | ${escapeMarkup(text)}${help || ""} |`;
  }), claims = reports.filter(({ verdict }) => verdict === "ok").flatMap(({ facts = {} }) => Object.entries(facts)), table = tableOf(claims.map(([name, value]) => [name, literal(value)]));
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
  if (!(error instanceof ActionError) || error.details.length + error.snippets.length === 0) return [];
  let details = error.details.map((detail) => `- ${escapeMarkup(detail)}`);
  return ["", `#### ${check}`, "", ...details, "", ...error.snippets.flatMap(snippetLines)];
}
function totalsOf(reports) {
  return ["failure", "warning", "ok", "skipped"].flatMap((verdict) => {
    let count = reports.filter((report) => report.verdict === verdict).length, plural = count > 1 && (verdict === "failure" || verdict === "warning") ? "s" : "";
    return count === 0 ? [] : [`${count} ${verdict}${plural}`];
  }).join(", ");
}

// src/doctor.ts
var keyPair = generateSessionKeyPair();
keyPair.catch(() => {
});
try {
  let homes = findHomeDirectories(), inputs = readPartialConfig(readMaskedInput, inputContext(homes)), { config, invalidInputs } = inputs, reports = await runChecks({
    ...inputs,
    runner: githubRunner,
    findIdTokens: () => githubIdTokens(githubRunner),
    requestSigner,
    http: httpFor(config),
    clock: systemClock,
    files: nodeFiles,
    jobId: jobIdentity(),
    runnerProcesses: createRunnerProcesses(),
    keyPair,
    homes,
    proxyFor,
    wantsRole: readMaskedInput("aws-role-arn") !== "",
    advice: invalidInputs.size === 0 ? configWarnings(config) : [],
    explain: async (failure) => failure instanceof ActionError ? withReason(failure) : failure,
    report: createCheckLog(githubRunner)
  }), result = verdictOf(reports);
  if (result === "failure" && (process.exitCode = 1), reportDoctor(githubRunner, reports, result), githubRunner.isDebug())
    for (let { error } of reports) error !== void 0 && logStack(githubRunner, error);
} catch (error) {
  process.exitCode = 1, await reportFailure(githubRunner, toActionError(error), !0);
}
