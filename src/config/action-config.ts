// From raw inputs to one frozen configuration. All faults are found before any of them is reported.
import { ActionError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { type DOORS, INPUTS, type InputName, type InputRule, type InputValues } from './inputs.ts';
import { isLoopback, Refusal, type Surroundings } from './rules.ts';

export type Door = (typeof DOORS)[number];

export interface ActionConfig {
  /** Origin of the identity domain, without a path. */
  readonly domainUrl: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly region: string;
  readonly tenancy: string | undefined;
  readonly audience: string;
  readonly profile: string;
  /** Absolute path. */
  readonly configFile: string;
  readonly overwriteProfile: boolean;
  readonly exportFor: readonly Door[];
  readonly outputCredentials: boolean;
  readonly cleanup: boolean;
  readonly retryMaxAttempts: number;
  readonly requestTimeoutMs: number;
  readonly timeoutMs: number;
}

/**
 * Reads and checks every input; an empty one counts as absent.
 * @throws ActionError INPUT_INVALID naming all faults at once, in the author's spelling
 */
export function readConfig(read: (name: InputName) => string, surroundings: Surroundings): ActionConfig {
  const values: Partial<Record<InputName, unknown>> = {};
  const faults: string[] = [];
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const rule: InputRule<unknown> = INPUTS[name];
    const raw = read(name) || rule.default;
    if (raw === undefined) {
      if (rule.required) faults.push(`\`${name}\` is required${rule.secret ? MISSING_SECRET : ''}`);
      continue;
    }
    try {
      values[name] = rule.parse(raw, surroundings);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      faults.push(`\`${name}\` ${error.message}`);
    }
  }
  if (faults.length > 0) throw new ActionError('INPUT_INVALID', `${faults.join('; ')}.`);
  return toConfig(values as InputValues);
}

const MISSING_SECRET =
  ' (an empty secret: not set here, or a run that gets none, such as a pull request from a fork)';

function toConfig(values: InputValues): ActionConfig {
  return Object.freeze({
    domainUrl: values['domain-url'],
    clientId: values['client-id'],
    clientSecret: new Secret(values['client-secret']),
    region: values.region,
    tenancy: values.tenancy,
    audience: values.audience,
    profile: values.profile,
    configFile: values['config-file'],
    overwriteProfile: values['overwrite-profile'],
    exportFor: values['export-for'],
    outputCredentials: values['output-credentials'],
    cleanup: values.cleanup,
    retryMaxAttempts: values['retry-max-attempts'],
    requestTimeoutMs: values['request-timeout-seconds'] * 1000,
    timeoutMs: values['timeout-seconds'] * 1000,
  });
}

/** Identity domains of every realm live below these suffixes. */
const ORACLE_HOST = /\.identity\.(oraclecloud\d*\.com|oraclegovcloud\.(com|uk)|oraclecloud\.eu)$/;

/** What is allowed but worth a look. */
export function adviseOnConfig({ domainUrl, configFile }: ActionConfig): string[] {
  const advice: string[] = [];
  if (!ORACLE_HOST.test(domainUrl.hostname) && !isLoopback(domainUrl)) {
    advice.push(
      `\`domain-url\`: ${domainUrl.host} is not below any of Oracle's identity domain suffixes. The job's token and the client secret are sent there; go on only if you run it.`,
    );
  }
  if (configFile.includes('=')) {
    advice.push(
      '`config-file`: clients written in Go cut a path at its second "=" and will not find the key.',
    );
  }
  if (configFile.includes('%')) {
    advice.push('`config-file`: `oci session` commands cannot read a config with "%" in a path.');
  }
  return advice;
}
