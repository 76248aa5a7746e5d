// A login that leaves nothing: everything it would ask is asked, one check each, and no failure stops those that do not
// depend on it. Writes no file, exports nothing.
import { type Config, invalidInputsError, type PartialConfig } from '../inputs/config.ts';
import type { InputName } from '../inputs/schema.ts';
import type { KeyPair } from '../oci/key-pair.ts';
import type { Clock, Files, Http, HttpProxy, Runner } from '../ports.ts';
import { type Checkup, createCheckup, type Finding, type Outcome } from './check.ts';
import { checkDomain } from './domain.ts';
import { checkMachine } from './machine.ts';
import { checkRole } from './role.ts';
import { checkSession } from './session.ts';

export interface DoctorParts {
  runner: Runner;
  http: Http;
  clock: Clock;
  files: Files;
  keyPair: Promise<KeyPair>;
  homes: { home: string | undefined; account: string | undefined };
  /** @throws ActionError FILES_NOT_WRITABLE */
  assertWritable: (directory: string) => void;
  proxyFor: (url: URL) => HttpProxy | undefined;
  /** Gets each finding as it is made. */
  tell: (finding: Finding) => void;
}

/** What every group of checks works with. */
export interface Consultation extends DoctorParts {
  checkup: Checkup;
  config: Config;
  /** Whether these inputs are as they should be, as a need of a check. */
  given: (...names: InputName[]) => Outcome<null>;
  /** Whether the job is to go on to AWS, rightly configured or not. */
  wantsRole: boolean;
}

export interface Inputs extends PartialConfig {
  wantsRole: boolean;
  advice: readonly string[];
}

/** @returns all findings, in the order in which they were told */
export async function examine(parts: DoctorParts, inputs: Inputs): Promise<readonly Finding[]> {
  const { config, invalidInputs, errors, advice, wantsRole } = inputs;
  const checkup = createCheckup(parts.tell);
  for (const { basic } of new Set([config.client, config.aws?.client ?? config.client]))
    parts.runner.mask(basic);
  const given = (...names: InputName[]): Outcome<null> => {
    const wrong = names.filter((name) => invalidInputs.has(name));
    if (wrong.length === 0) return { done: true, value: null };
    return { done: false, missing: wrong.map((name) => `\`${name}\``).join(', ') };
  };
  const consultation = { ...parts, checkup, config, given, wantsRole };
  checkup.begin('Machine');
  await checkup.check('inputs', [], () => {
    if (errors.length > 0) throw invalidInputsError(errors);
    return { value: null, text: 'complete and well-formed', advice };
  });
  await checkMachine(consultation);
  const domain = await checkDomain(consultation);
  if (config.oci !== undefined) await checkSession(consultation, config.oci, domain);
  if (wantsRole) await checkRole(consultation, domain);
  return checkup.findings;
}
