// Runs the checks of a login with the options of the command, after those of the ID token and its issuer.
import { verdictOf } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/doctor.ts';
import { readPartialConfig } from '../../src/inputs/config.ts';
import { configWarnings } from '../../src/inputs/warnings.ts';
import { signersOf } from '../../src/login/signers.ts';
import { proxiesBy } from '../../src/node/proxy.ts';
import { createRunnerProcesses } from '../../src/node/runner-process.ts';
import type { CheckReport } from '../../src/report/doctor-report.ts';
import type { CommandContext, OptionValues } from '../command.ts';
import { createLocalRunner } from '../session/local-runner.ts';
import { asOfCommand } from '../session/messages.ts';
import { sessionInputs, sessionMachine } from '../session/session.ts';
import { newKeyPair, sessionHttp } from '../session/step-deps.ts';
import { findIdTokens } from '../sources/find.ts';
import { DOCTOR_OPTIONS } from './command.ts';
import { checkIdToken, sourceFor } from './id-token.ts';
import { checkPrinter, type DoctorReport, jsonOf, printEnd } from './report.ts';
import { neededTrust } from './trust.ts';

type Options = OptionValues<typeof DOCTOR_OPTIONS>;

/** @throws CommandError OPTION_INVALID when the file of a secret cannot be read */
export async function runDoctor(context: CommandContext, options: Options): Promise<number> {
  const { terminal } = context;
  const print = options.json ? () => {} : checkPrinter(terminal, DOCTOR_OPTIONS);
  const report = await examine(context, options, print);
  if (options.json) terminal.printJson(jsonOf(report, DOCTOR_OPTIONS));
  else printEnd(terminal, report, DOCTOR_OPTIONS);
  return report.result === 'failure' ? 2 : 0;
}

/** @param print gets the result of each check as it ends */
async function examine(
  context: CommandContext,
  options: Options,
  print: (result: CheckReport) => void,
): Promise<DoctorReport> {
  const { env, terminal, clock } = context;
  const machine = sessionMachine(context);
  const inputs = readPartialConfig(...sessionInputs(context, machine, options));
  const { config, invalidInputs } = inputs;
  const runner = createLocalRunner({ env, terminal });
  const deps = { runner, http: sessionHttp({ clock }, config, runner), clock, proxyFor: proxiesBy(() => {}) };
  const checks: CheckReport[] = [];
  const report = (result: CheckReport) => {
    checks.push(result);
    print(result);
  };
  const find = (warn: (text: string) => void) => findIdTokens({ env, options, warn });
  const found = config.oci && (await checkIdToken(deps, find, config.oci.audience, report));
  await runChecks({
    ...inputs,
    ...deps,
    findIdTokens: () => sourceFor(found, config.oci?.audience),
    requestSigner: signersOf(env, machine.disk.files),
    files: machine.disk.files,
    jobId: machine.jobId,
    runnerProcesses: createRunnerProcesses(),
    keyPair: newKeyPair(),
    homes: machine.homes,
    wantsRole: options['aws-role-arn'] !== undefined,
    advice: invalidInputs.size === 0 ? configWarnings(config) : [],
    report(result) {
      // The group "ID token" has this result already.
      const isKnown = result.check === SHARED_NAME && result.verdict !== 'failure';
      if (!isKnown) report(inCommandWords(result));
    },
  });
  const { source, token, keysUrl } = found ?? {};
  return {
    result: verdictOf(checks),
    source: source && { issuer: source.issuer, supply: source.supply, endsAt: isoTime(source.endsAt) },
    checks,
    trust: source && token && neededTrust(inputs, token, source.adviseOn(token.claims), keysUrl),
  };
}

const isoTime = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

/** The name of the check `ID token` in the doctor of the action. */
const SHARED_NAME = 'identity token';

/** The result with the names of options instead of inputs. */
function inCommandWords(result: CheckReport): CheckReport {
  if (result.error === undefined) return { ...result, text: result.text.replace(SHARED_NAME, 'ID token') };
  const error = asOfCommand(result.error, DOCTOR_OPTIONS);
  // `exec` writes its profile into a file of its own.
  if (error.code === 'PROFILE_EXISTS') {
    const { error: _, ...others } = result;
    return { ...others, verdict: 'warning', text: `${error.message} ${FOR_LOGIN}` };
  }
  if (error.code !== 'OPTION_INVALID') return { ...result, error };
  return { ...result, text: `${error.code}: ${error.message}`, error };
}

const FOR_LOGIN =
  '`exec` does not use this file. For `login`, choose another --profile, or add --overwrite-profile.';
