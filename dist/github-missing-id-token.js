import {
  ActionError
} from "./shared-13.js";

// node_modules/@actions/github/lib/context.js
import { readFileSync, existsSync } from "fs";
import { EOL } from "os";
var Context = class {
  /**
   * Hydrate the context from the environment
   */
  constructor() {
    var _a, _b, _c;
    if (this.payload = {}, process.env.GITHUB_EVENT_PATH)
      if (existsSync(process.env.GITHUB_EVENT_PATH))
        this.payload = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, { encoding: "utf8" }));
      else {
        let path = process.env.GITHUB_EVENT_PATH;
        process.stdout.write(`GITHUB_EVENT_PATH ${path} does not exist${EOL}`);
      }
    this.eventName = process.env.GITHUB_EVENT_NAME, this.sha = process.env.GITHUB_SHA, this.ref = process.env.GITHUB_REF, this.workflow = process.env.GITHUB_WORKFLOW, this.action = process.env.GITHUB_ACTION, this.actor = process.env.GITHUB_ACTOR, this.job = process.env.GITHUB_JOB, this.runAttempt = parseInt(process.env.GITHUB_RUN_ATTEMPT, 10), this.runNumber = parseInt(process.env.GITHUB_RUN_NUMBER, 10), this.runId = parseInt(process.env.GITHUB_RUN_ID, 10), this.apiUrl = (_a = process.env.GITHUB_API_URL) !== null && _a !== void 0 ? _a : "https://api.github.com", this.serverUrl = (_b = process.env.GITHUB_SERVER_URL) !== null && _b !== void 0 ? _b : "https://github.com", this.graphqlUrl = (_c = process.env.GITHUB_GRAPHQL_URL) !== null && _c !== void 0 ? _c : "https://api.github.com/graphql";
  }
  get issue() {
    let payload = this.payload;
    return Object.assign(Object.assign({}, this.repo), { number: (payload.issue || payload.pull_request || payload).number });
  }
  get repo() {
    if (process.env.GITHUB_REPOSITORY) {
      let [owner, repo] = process.env.GITHUB_REPOSITORY.split("/");
      return { owner, repo };
    }
    if (this.payload.repository)
      return {
        owner: this.payload.repository.owner.login,
        repo: this.payload.repository.name
      };
    throw new Error("context.repo requires a GITHUB_REPOSITORY environment variable like 'owner/repo'");
  }
};

// node_modules/@actions/github/lib/github.js
var context = new Context();

// src/github/missing-id-token.ts
var env = (name) => process.env[name] ?? "";
function explainByRun(failure) {
  let isAboutInputs = failure.code === "INPUT_INVALID", isFork = isPullRequestFromFork(), hasVariable = ["URL", "TOKEN"].some((name) => env(`ACTIONS_ID_TOKEN_REQUEST_${name}`) !== "");
  return isFork && !(isAboutInputs && hasVariable) ? explain(failure, explainFork()) : isAboutInputs ? /`(aws-)?client-secret` is required/.test(failure.message) ? isFork ? explain(failure, {
    ...explainFork(),
    code: failure.code,
    whatHappened: `This pull request from a fork lacks inputs. ${failure.message}`
  }) : isDependabot() ? explain(failure, explainDependabotInputs(failure)) : failure : failure : explain(failure, explainIdToken(hasVariable));
}
function explain(failure, explanation) {
  let { code = failure.code, whatHappened = failure.whatHappened, ...others } = explanation;
  return new ActionError(code, whatHappened, { ...failure, ...others });
}
function explainIdToken(hasVariable) {
  return env("ACT") === "true" ? {
    whatHappened: "The job runs under nektos/act, which issues no ID tokens.",
    remedy: "Run the workflow on GitHub. With act, run only the steps that need no login."
  } : hasVariable ? OVERRIDDEN : isDependabot() ? explainDependabot() : explainPermission();
}
var isDependabot = () => context.actor === "dependabot[bot]" && /^(pull_request|push$|create$|deployment)/.test(context.eventName);
function isPullRequestFromFork() {
  let { eventName, payload } = context, head = payload.pull_request?.head;
  return !/^pull_request(_review|_review_comment)?$/.test(eventName) || head === void 0 ? !1 : head.repo?.full_name !== env("GITHUB_REPOSITORY");
}
function skipLine(condition) {
  let logOnly = `Add this to the job: \`if: ${condition}\`.`;
  return {
    evidence: logOnly,
    logOnly,
    details: ["If the job has an `if`, write `(…) && (…)` with both conditions."],
    snippets: [yaml([`    if: ${condition}`])]
  };
}
function explainFork() {
  let condition = `github.event_name != '${context.eventName}' || github.event.pull_request.head.repo.full_name == github.repository`, { details, ...line } = skipLine(condition);
  return {
    ...line,
    code: "GITHUB_OIDC_UNAVAILABLE",
    whatHappened: "GitHub gives a pull request from a fork neither an ID token nor secrets.",
    remedy: "Skip this job for forks.",
    details: [
      ...details,
      "Do not use `pull_request_target` instead: code from the fork could use the session."
    ]
  };
}
var OVERRIDDEN = {
  whatHappened: "A step or `env:` of this job changed ACTIONS_ID_TOKEN_REQUEST_URL or …_TOKEN.",
  remedy: "Remove these variables from `env:`, and from what earlier steps write to GITHUB_ENV."
};
function explainDependabotInputs({ message }) {
  let line = skipLine("github.actor != 'dependabot[bot]'");
  return {
    ...line,
    whatHappened: "Dependabot started this run, which gets only the secrets of Dependabot.",
    remedy: "Skip this job for Dependabot, or add the same secrets for Dependabot.",
    evidence: `${line.evidence} ${message}`
  };
}
function explainDependabot() {
  return {
    whatHappened: "Dependabot started this run, which gets no ID token unless the workflow lists the permission.",
    remedy: "Add `id-token: write` to the `permissions` of the job.",
    details: ["Such runs get the secrets of Dependabot only: add `client-secret` to them."],
    evidence: void 0,
    snippets: [yaml(PERMISSIONS)]
  };
}
function explainPermission() {
  let file = /^[^/]+\/[^/]+\/(.+)@/.exec(env("GITHUB_WORKFLOW_REF"))?.[1];
  return {
    evidence: void 0,
    details: [
      `This action cannot see whether ${file === void 0 ? "the workflow" : `\`${file}\``} calls the job as a reusable workflow: then the caller needs the permission, too.`,
      "Permissions that you do not list become none. `read-all` does not include `id-token`."
    ],
    snippets: [yaml(PERMISSIONS)]
  };
}
var PERMISSIONS = ["    permissions:", "      id-token: write", "      contents: read"];
function yaml(lines) {
  return { title: "Add this to the job", language: "yaml", text: ["jobs:", `  ${jobName()}:`, ...lines].join(`
`), isFolded: !1 };
}
function jobName() {
  return /^[A-Za-z_][\w-]*$/.test(env("GITHUB_JOB")) ? env("GITHUB_JOB") : "deploy";
}
export {
  explainByRun
};
