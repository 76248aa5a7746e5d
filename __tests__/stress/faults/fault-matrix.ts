// What may go wrong at each endpoint, and how the login must end: data, one row per fault.
//
import type { Fault } from '../../../emulator/server/start.ts';
import type { ErrorCode } from '../../../src/errors/action-error.ts';
import { RATE_ROWS, REFUSAL_ROWS, WIRE_ROWS } from './fault-rows.ts';
import { CLOCK_ROWS, CONTENT_ROWS, GRANT_ROWS, TLS_ROWS } from './fault-rows-responses.ts';

/** In the order of the requests. */
export const ENDPOINTS = ['github', 'exchange', 'access-token', 'sts'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export type Disturbance =
  /** The location of a redirect is filled in: another server that keeps a journal. */
  | Fault
  /** Nothing listens. */
  | { kind: 'refused' }
  | { kind: 'certificate'; flaw: 'unknown-authority' | 'expired' | 'other-host' }
  /** The whole world's clock against this machine's. */
  | { kind: 'skew'; minutes: number };

export interface Outcome {
  code: ErrorCode | 'succeeds';
  attempts: number;
  /** Waits of a later request, which meets what the fault has spoilt. */
  laterWaits?: number;
  /** The one warning; none is expected without it. */
  warning?: RegExp;
}

/** Why there is no such cell. */
export type NoCell = string;

export interface Row {
  what: string;
  disturbance: Disturbance;
  expected: Readonly<Record<Endpoint, Outcome | NoCell>>;
  /** What the message or the warning must name. */
  text?: RegExp;
  /** If only the first attempt meets it, the login succeeds. */
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
