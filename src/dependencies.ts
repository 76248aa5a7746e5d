// The real dependencies that the login and the doctor share.
import { readInput, githubRunner as runner } from './github/runner.ts';
import type { Config } from './inputs/config.ts';
import type { InputContext } from './inputs/parsers.ts';
import type { HomeDirectories } from './inputs/paths.ts';
import { INPUTS, type InputName, type InputRule } from './inputs/schema.ts';
import { signersOf } from './login/signers.ts';
import { canonicalPath } from './node/canonical-path.ts';
import { nodeFiles } from './node/files.ts';
import { createHttp } from './node/http.ts';
import { proxiesBy } from './node/proxy.ts';
import { systemClock as clock } from './node/system.ts';
import type { Http } from './ports.ts';
import { Secret } from './secret.ts';

/** A secret is masked as soon as it is read, so that no later error can print it. */
export function readMaskedInput(name: InputName): string {
  const value = readInput(name);
  const { secret }: InputRule<unknown> = INPUTS[name];
  if (secret && value !== '') runner.mask(new Secret(value));
  return value;
}

/** Paths of the machine by their canonical names, which are compared with others. */
export function inputContext({ home }: HomeDirectories): InputContext {
  const workspace = runner.env('GITHUB_WORKSPACE') || undefined;
  return { home, workspace: workspace && canonicalPath(workspace, 'directory'), canonical: canonicalPath };
}

const INSECURE = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** The time of `timeout-seconds` starts with this call. */
export function httpFor({ retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }: Config): Http {
  const policy = { maxAttempts, requestTimeoutMs, deadline: clock.now() + timeoutMs };
  if (process.env[INSECURE] === '0') {
    delete process.env[INSECURE]; // otherwise Node says that it does not verify certificates
    const remedy = 'Trust a private CA with NODE_EXTRA_CA_CERTS instead.';
    runner.warning(`${INSECURE}=0 has no effect: this action always verifies certificates. ${remedy}`);
  }
  if (/--tls[-_]keylog/.test(process.env['NODE_OPTIONS'] ?? ''))
    runner.warning(
      'NODE_OPTIONS has --tls-keylog: Node writes the TLS keys of this action to a file. Remove the option.',
    );
  const trace = runner.isDebug() ? runner.debug : undefined;
  return createHttp({ policy, clock, log: runner.info, trace, proxyFor });
}

export const requestSigner = signersOf(runner.env, nodeFiles);

export const proxyFor = proxiesBy(runner.mask);
