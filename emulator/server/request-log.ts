// What happened, one line per request in the order of arrival. Must never hold a token, a secret or a query.
import type { Service } from './message.ts';

export interface JournalEntry {
  service: Service;
  method: string;
  /** Without the query. */
  path: string;
  /** 0 as long as no answer was begun, and for ever if none was. */
  status: number;
  requestId: string;
  /** Milliseconds since the epoch, by the world's clock. */
  at: number;
  /** The check that refused, or the fault that was played. */
  reason?: string;
  /** GitHub only: for whom a token was issued. */
  audience?: string;
}
