// The steps of a login, each run as a check. Writes no file, exports nothing.
import { type Config, invalidInputsError, type PartialConfig } from '../inputs/config.ts';
import type { InputName } from '../inputs/schema.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { Clock, Files, Http, HttpProxy, Runner } from '../ports.ts';
import type { CheckReport } from '../report/doctor-report.ts';
import { type Check, type CheckResult, createCheck } from './check.ts';
import { checkDomain } from './domain.ts';
import { checkMachine } from './machine.ts';
import { checkRole } from './role.ts';
import { checkSession } from './session.ts';

export interface DoctorDeps {
  runner: Runner;
  http: Http;
  clock: Clock;
  files: Files;
  keyPair: Promise<KeyPair>;
  homes: { home: string | undefined; account: string | undefined };
  /** @throws ActionError FILES_NOT_WRITABLE */
  assertWritable: (directory: string) => void;
  proxyFor: (url: URL) => HttpProxy | undefined;
  /** Gets the report of each check as it ends. */
  report: (result: CheckReport) => void;
}

export interface DoctorInputs extends PartialConfig {
  /** Whether a role is configured, correctly or not. */
  wantsRole: boolean;
  advice: readonly string[];
}

/** What every check works with. */
export interface CheckContext extends DoctorDeps {
  check: Check;
  config: Config;
  wantsRole: boolean;
  /** These inputs, as a need of a check: it is skipped if one of them is invalid. */
  given: (...names: InputName[]) => CheckResult<null>;
}

/** @returns the reports of all checks, in order */
export async function runChecks(deps: DoctorDeps, inputs: DoctorInputs): Promise<readonly CheckReport[]> {
  const { config, invalidInputs, errors, advice, wantsRole } = inputs;
  const { client, oci, aws } = config;
  for (const { basic } of new Set([client, aws?.client ?? client])) deps.runner.mask(basic);
  const reports: CheckReport[] = [];
  const contextOf = (group: string): CheckContext => ({
    ...deps,
    config,
    wantsRole,
    given: (...names) => {
      const wrong = names.filter((name) => invalidInputs.has(name)).map((name) => `\`${name}\``);
      return wrong.length > 0 ? { done: false, missing: wrong.join(', ') } : { done: true, value: null };
    },
    check: createCheck(group, (result) => {
      reports.push(result);
      deps.report(result);
    }),
  });
  const machine = contextOf('Machine');
  await machine.check('inputs', [], () => {
    if (errors.length > 0) throw invalidInputsError(errors);
    return { text: 'complete and well-formed', advice };
  });
  await checkMachine(machine);
  const domain = await checkDomain(contextOf('Identity domain'));
  if (oci !== undefined) await checkSession(contextOf('OCI session'), oci, domain);
  if (wantsRole) await checkRole(contextOf('AWS'), domain);
  return reports;
}
