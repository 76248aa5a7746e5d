// The steps of a login, each run as a check. Writes no file, exports nothing.
import type { Failure } from '../errors/failure.ts';
import { basicsOf } from '../inputs/client-credentials.ts';
import { invalidInputsError, type PartialConfig } from '../inputs/config.ts';
import type { HomeDirectories } from '../inputs/paths.ts';
import type { InputName } from '../inputs/schema.ts';
import type { OpenSession } from '../login/aws-session.ts';
import type { RequestSigner } from '../login/oci-session.ts';
import type { IdTokenSource } from '../oci/id-token.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { Clock, Files, Http, HttpProxy, Runner, RunnerProcesses } from '../ports.ts';
import type { CheckReport } from '../report/doctor-report.ts';
import { type Check, type CheckResult, createCheck } from './check.ts';
import { checkClusters } from './clusters.ts';
import { checkDomain } from './domain.ts';
import { checkMachine } from './machine.ts';
import { checkRegistries } from './registries.ts';
import { checkRole } from './role.ts';
import { checkSession } from './session.ts';

interface DoctorDeps extends PartialConfig {
  runner: Runner;
  findIdTokens: () => IdTokenSource;
  requestSigner: RequestSigner;
  http: Http;
  clock: Clock;
  files: Files;
  jobId: string;
  runnerProcesses: RunnerProcesses;
  keyPair: Promise<KeyPair>;
  homes: HomeDirectories;
  proxyFor: (url: URL) => HttpProxy | undefined;
  /** Whether a role is configured, correctly or not. */
  wantsRole: boolean;
  /** Warnings about the inputs. */
  advice: readonly string[];
  /** See `createCheck`. */
  explain?: (failure: Failure) => Promise<Failure>;
  /** Gets the report of each check as it ends. */
  report: (result: CheckReport) => void;
}

/** What every check can use. */
export interface CheckContext extends DoctorDeps {
  check: Check;
  /** These inputs, as a need of a check: it is skipped if one of them is invalid. */
  validInputs: (...names: InputName[]) => CheckResult<null>;
}

/** @returns the reports of all checks, in order */
export async function runChecks(deps: DoctorDeps): Promise<readonly CheckReport[]> {
  const { config, invalidInputs, errors, advice, wantsRole, runner } = deps;
  const { client, oci, aws } = config;
  for (const basic of basicsOf(client, aws?.client)) runner.mask(basic);
  const reports: CheckReport[] = [];
  const validInputs: CheckContext['validInputs'] = (...names) => {
    const wrong = names.filter((name) => invalidInputs.has(name)).map((name) => `\`${name}\``);
    return wrong.length > 0 ? { done: false, missing: wrong.join(', ') } : { done: true, value: null };
  };
  const report = (result: CheckReport) => {
    reports.push(result);
    deps.report(result);
  };
  const contextOf = (group: string) => ({
    ...deps,
    validInputs,
    check: createCheck(group, report, deps.explain),
  });
  const machine = contextOf('Machine');
  await machine.check('inputs', [], () => {
    if (errors.length > 0) throw invalidInputsError(errors);
    return { text: 'complete and well-formed', advice };
  });
  await checkMachine(machine);
  const domain = await checkDomain(contextOf('Identity domain'));
  let session: CheckResult<OpenSession> = { done: false, missing: 'session' };
  if (oci !== undefined) {
    session = await checkSession(contextOf('OCI session'), oci, domain);
    if (oci.oke !== undefined) await checkClusters(contextOf('Kubernetes'), oci, oci.oke, session);
    if (oci.exportFor.includes('ocir')) await checkRegistries(contextOf('Container registry'), oci, session);
  }
  if (wantsRole) await checkRole(contextOf('AWS'), domain, session);
  return reports;
}
