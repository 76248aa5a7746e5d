// What may go wrong at every endpoint that main asks, and what must become of it: data, one row per fault.
// Must not know how a cell is tried.
import type { Fault } from '../../../emulator/server/start.ts';
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import { RATE_ROWS, REFUSAL_ROWS, WIRE_ROWS } from './fault-rows.ts';
import { CLOCK_ROWS, CONTENT_ROWS, GRANT_ROWS, TLS_ROWS } from './fault-rows-answers.ts';

/** In the order in which main asks; `keys` is the domain's discovery document, as AWS would fetch it. */
export const ENDPOINTS = ['github', 'exchange', 'access-token', 'keys', 'sts'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export type Trouble =
  /** The location of a redirect is filled in: another server that keeps a journal. */
  | Fault
  /** Nothing listens. */
  | { kind: 'refused' }
  | { kind: 'certificate'; flaw: 'unknown-authority' | 'expired' | 'other-host' }
  /** The whole world's clock against this machine's. */
  | { kind: 'skew'; minutes: number };

export interface Outcome {
  code: ErrorCode | 'succeeds';
  tries: number;
  /** Without a wait before it: what has run short is asked for anew. */
  renewals?: number;
  /** The one warning; none is expected without it. */
  warning?: RegExp;
}

/** Why there is no such cell. */
export type NoCell = string;

export interface Row {
  what: string;
  trouble: Trouble;
  expected: Readonly<Record<Endpoint, Outcome | NoCell>>;
  /** What the message or the warning must name. */
  says?: RegExp;
  /** Met by the first try alone, it must not end the login. */
  mayPass?: boolean;
  inputs?: Readonly<Record<string, string>>;
  /** What each wait must last at least. */
  leastWaitSeconds?: number;
}

export const ROWS: readonly Row[] = [
  ...WIRE_ROWS,
  ...REFUSAL_ROWS,
  ...RATE_ROWS,
  ...CONTENT_ROWS,
  ...GRANT_ROWS,
  ...TLS_ROWS,
  ...CLOCK_ROWS,
];
