// Renews tokens in this process while the command runs: no process is left when a signal ends this one.
import type { Background } from '../../src/ports.ts';
import type { EntryKind } from '../../src/refresh/log.ts';
import { parseRefreshSpec, type RefreshSpec } from '../../src/refresh/spec.ts';
import { runRenewals } from '../../src/run-refresher.ts';
import { idTokensFrom } from '../sources/find.ts';

export interface Renewals extends Background {
  /** Starts what the login has prepared. A failure is logged; it never ends this process. */
  begin(): void;
}

export function createRenewals(log: (kind: EntryKind, text: string) => void): Renewals {
  const prepared: RefreshSpec[] = [];
  return {
    async start({ instructions }) {
      prepared.push(parseRefreshSpec(instructions.reveal()));
      return process.pid;
    },
    logsItsStop: false,
    isRunning: () => false,
    signal: () => false,
    begin() {
      for (const spec of prepared.splice(0))
        runRenewals(spec, { idTokensFrom, log }).catch((error) =>
          log('warning', `Tokens are no longer renewed: ${error}`),
        );
    },
  };
}
