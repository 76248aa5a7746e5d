import {
  isDebug,
  reportError,
  setOutput,
  summary
} from "./chunk-IFOHCWYI.js";
import "./chunk-HDGVC6Q3.js";

// src/runner/failure.ts
async function reportFailure(failure) {
  let hint = failure.code === "GITHUB_OIDC_UNAVAILABLE" ? await hintFromEvent() : "", happened = [failure.message, hint].filter((part) => part !== "").join(" "), requestId = failure.requestId === void 0 ? "" : ` Request id: ${failure.requestId}.`;
  reportError(`${failure.code}: ${happened} ${failure.remedy}${requestId}`), isDebug() && reportStack(failure), setOutput("failure-code", failure.code), await summarise(failure, happened);
}
function reportStack(failure) {
  let stacks = [failure.stack, failure.cause instanceof Error ? failure.cause.stack : void 0];
  for (let line of stacks.join(`
`).split(`
`)) process.stdout.write(`::debug::${line}
`);
}
async function hintFromEvent() {
  try {
    let { whyNoIdentity } = await import("./chunk-5D36U34K.js");
    return whyNoIdentity();
  } catch {
    return "";
  }
}
async function summarise({ code, remedy, requestId, facts }, happened) {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  let rows = Object.entries({ ...facts, ...requestId === void 0 ? {} : { "request id": requestId } }), text = [
    "### Login failed",
    "",
    `**${code}**: ${escapeMarkup(happened)}`,
    "",
    escapeMarkup(remedy),
    "",
    ...rows.length === 0 ? [] : ["| what | value |", "| --- | --- |"],
    ...rows.map(([name, value]) => `| ${escapeMarkup(name)} | ${escapeMarkup(value)} |`)
  ];
  try {
    await summary.addRaw(text.join(`
`), !0).write();
  } catch {
    reportError("The job summary could not be written.");
  }
}
function escapeMarkup(text) {
  return text.replace(/[&<>|]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, " ");
}
export {
  reportFailure
};
