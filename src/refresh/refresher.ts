// Keeps fresh what a login has laid down: what goes into the order, and whether somebody is at it already.

import { expiryOf, findIdTokenSource } from '../github/id-token.ts';
import type { Config } from '../inputs/config.ts';
import type { Background, Clock, Files, Runner } from '../ports.ts';
import { tokenFileOf } from '../profiles/session-files.ts';
import { unfinished } from './log.ts';
import { refresherFiles, refreshersIn, startRefresher } from './process.ts';
import { type Charges, type Order, without } from './spec.ts';
import { deathOf, journalOf, stopRefresher } from './stop.ts';
import type { InstalledFiles, RefresherControl } from './types.ts';

export interface RefresherDeps {
  runner: Runner;
  files: Files;
  clock: Clock;
  background: Background;
  /** Of the process in the background. */
  script: string;
}

/** A job on one's own runner may take five days; GitHub's own end after six hours. */
const LONGEST_JOB_MS = 5 * 24 * 3_600_000;

export function createRefresherControl(parts: RefresherDeps): RefresherControl {
  return {
    async start(config, laid) {
      const charges = without(
        chargesFor(config, laid, parts.clock.now()),
        keptAlready(parts, laid.directory),
      );
      if (Object.keys(charges).length === 0) return undefined;
      const pid = await startRefresher(
        parts.background,
        parts.script,
        orderFor(parts, config, laid, charges),
      );
      parts.runner.info(
        `Process ${pid} keeps this fresh until the job ends; the post step shows what it did.`,
      );
      return pid;
    },
    async stop(refresher) {
      await stopRefresher(parts, refresher);
    },
  };
}

/** The files that processes of earlier uses keep fresh. If one of them was killed meanwhile, that is said, once. */
function keptAlready({ runner, files, background }: RefresherDeps, directory: string): string[] {
  return refreshersIn(files, directory).flatMap((loginId) => {
    const journal = journalOf(files, { directory, loginId });
    const { pid, keeps = [] } = unfinished(journal) ?? {};
    if (pid === undefined) return [];
    if (background.isRunning(pid, loginId)) return keeps;
    runner.warning(deathOf(journal));
    files.remove(refresherFiles({ directory, loginId }).log);
    return [];
  });
}

function chargesFor({ oci, client }: Config, laid: InstalledFiles, now: number): Charges {
  const { session, paths, targetFiles, aws } = laid;
  const charges: Charges = {};
  if (oci && session && paths) {
    const { publicKeyBase64, publicJwk } = session.keyPair;
    charges.session = {
      issuedAt: now,
      expiresAt: session.sessionToken.expiresAt,
      config: oci,
      client,
      publicKey: { publicKeyBase64, publicJwk },
      tokenFiles: [tokenFileOf(oci), ...(targetFiles?.tokenFiles ?? [])],
    };
  }
  if (targetFiles?.idToken) {
    const { file, lifetimeMs } = targetFiles.idToken;
    charges['id-token'] = { issuedAt: now, expiresAt: now + lifetimeMs, file };
  }
  if (aws?.config.credentialSource === 'web-identity') {
    const { scope, audience, client: application } = aws.config;
    const { expiresAt } = aws.role.identity;
    charges['access-token'] = {
      issuedAt: now,
      expiresAt,
      file: aws.tokenFile,
      client: application,
      scope,
      audience,
    };
  }
  return charges;
}

function orderFor(
  { runner, clock }: RefresherDeps,
  { domainUrl, oci, retryMaxAttempts: maxAttempts, requestTimeoutMs, timeoutMs }: Config,
  { loginId, directory, paths }: InstalledFiles,
  charges: Charges,
): Order {
  const identity = oci && findIdTokenSource(runner.env);
  const end = identity && expiryOf(identity.requestToken);
  return {
    loginId,
    directory,
    sessionDirectory: paths?.session ?? null,
    identity: identity ?? null,
    audience: oci?.audience ?? '',
    domainUrl,
    policy: { maxAttempts, requestTimeoutMs, timeoutMs },
    lastChanceAt: end ?? clock.now() + LONGEST_JOB_MS,
    charges,
  };
}
