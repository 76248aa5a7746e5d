// What single steps of a login need outside GitHub.
import type { Config } from '../../src/inputs/config.ts';
import { createHttp } from '../../src/node/http.ts';
import { proxiesBy } from '../../src/node/proxy.ts';
import { generateSessionKeyPair, type KeyPair } from '../../src/oci/key-pair.ts';
import type { Http } from '../../src/ports.ts';
import type { CommandContext } from '../command.ts';
import type { LocalRunner } from './local-runner.ts';

/** Starts to generate the key pair immediately. */
export function newKeyPair(): Promise<KeyPair> {
  const keyPair = generateSessionKeyPair();
  keyPair.catch(() => {}); // awaited later; until then its failure must not count as unhandled
  return keyPair;
}

/** The time of `timeout-seconds` starts with this call. */
export function sessionHttp(
  { clock }: Pick<CommandContext, 'clock'>,
  config: Pick<Config, 'retryMaxAttempts' | 'requestTimeoutMs' | 'timeoutMs'>,
  runner: LocalRunner,
): Http {
  const { retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs } = config;
  const policy = { maxAttempts, requestTimeoutMs, deadline: clock.now() + timeoutMs };
  const trace = runner.isDebug() ? runner.debug : undefined;
  return createHttp({ policy, clock, log: runner.info, trace, proxyFor: proxiesBy(() => {}) });
}
