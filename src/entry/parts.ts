// The real parts that more than one entry is composed of.
import path from 'node:path';
import type { ActionConfig } from '../config/action-config.ts';
import { INPUTS, type InputName, type InputRule } from '../config/inputs.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { nodeFiles as files } from '../platform/files.ts';
import { createHttp } from '../platform/http.ts';
import { traceTo } from '../platform/trace.ts';
import type { Http } from '../port.ts';
import { isDebug, readInput, githubRunner as runner } from '../runner/github-runner.ts';
import { proxiesBy } from '../runner/proxy.ts';
import { Secret } from '../secret.ts';

/** A secret is masked as it is read: from there on no fault of ours can print it. */
export function readMaskedInput(name: InputName): string {
  const value = readInput(name);
  const { secret }: InputRule<unknown> = INPUTS[name];
  if (secret && value !== '') runner.mask(new Secret(value));
  return value;
}

/** The clock of `timeout-seconds` starts here. */
export function httpFor({ retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }: ActionConfig): Http {
  const policy = { maxAttempts, requestTimeoutMs, deadline: clock.now() + timeoutMs };
  const trace = isDebug() ? traceTo(runner.debug) : undefined;
  return createHttp({ policy, clock, log: runner.info, trace, proxyFor });
}

export const proxyFor = proxiesBy(runner.mask);

/** Loaded only where something is to be kept fresh, or ended. */
export async function keeper() {
  const [{ createKeeper }, { createBackground }] = await Promise.all([
    import('../refresh/keeper.ts'),
    import('../platform/background.ts'),
  ]);
  const script = path.join(import.meta.dirname, 'refresher.js');
  const background = createBackground(process.env);
  return createKeeper({ runner, files, clock, background, script });
}
