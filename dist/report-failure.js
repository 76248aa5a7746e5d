import {
  helpLink,
  helpUrl
} from "./shared-by-doctor+report-failure.js";
import {
  escapeMarkup,
  literal,
  snippetLines,
  tableOf
} from "./shared-by-doctor+run-login.js";
import "./shared-by-doctor+main.js";
import {
  describeError
} from "./shared-by-doctor+post+run-login.js";
import "./shared-by-doctor+refresh-stop+refresher+run-login.js";
import "./shared-by-doctor+post+refresher+run-login.js";
import "./shared-by-doctor+main+post+refresher.js";

// src/report/failure.ts
async function reportFailure(runner, failure, hasSummary) {
  let report = await reportOf(failure), { code, message, remedy, requestId } = report, id = requestId === void 0 ? "" : ` Request ID: ${requestId}.`;
  runner.error(`${code}: ${message} ${remedy}${id} See ${helpUrl(runner, code)}`), runner.isDebug() && logStack(runner, failure), runner.output("failure-code", code), hasSummary && runner.summary(summaryOf(runner, report));
}
function logStack(runner, failure) {
  let stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : void 0];
  for (let line of stacks.join(`
`).split(`
`)) runner.debug(line);
}
async function reportOf(failure) {
  if (failure.code !== "GITHUB_OIDC_UNAVAILABLE") return failure;
  let { code, message, remedy, requestId, facts, details, snippets } = failure;
  try {
    let { explainMissingIdToken } = await import("./github-missing-id-token.js"), explanation = explainMissingIdToken();
    return {
      code,
      message: [message, explanation.reason].filter((part) => part !== "").join(" "),
      remedy: explanation.remedy ?? remedy,
      requestId,
      facts,
      details: [...details, ...explanation.details ?? []],
      snippets: [...snippets, ...explanation.snippets ?? []]
    };
  } catch {
    return failure;
  }
}
function summaryOf(runner, report) {
  let { code, message, remedy, requestId, facts, details, snippets } = report, more = details.filter((detail) => !message.includes(detail)), id = requestId === void 0 ? {} : { "Request ID": requestId };
  return [
    "### Login failed",
    "",
    `**${code}**: ${describeError(code).title}`,
    "",
    `**What happened**: ${escapeMarkup(message)}`,
    "",
    `**What to do**: ${escapeMarkup(remedy)}`,
    "",
    ...more.map((detail) => `- ${escapeMarkup(detail)}`),
    ...more.length === 0 ? [] : [""],
    ...snippets.filter(({ isFolded }) => !isFolded).flatMap(snippetLines),
    `Likely causes: ${helpLink(runner, code)}`,
    "",
    ...tableOf(Object.entries({ ...facts, ...id }).map(([name, value]) => [name, literal(value)])),
    "",
    ...snippets.filter(({ isFolded }) => isFolded).flatMap(snippetLines)
  ].join(`
`);
}
export {
  logStack,
  reportFailure
};
