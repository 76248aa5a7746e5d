// A refusal of an emulated service: what it says, and how sure we are that the real service says so.
import { randomBytes } from 'node:crypto';
import type { World } from './world.ts';

/**
 * `confirmed`: the vendor documents it, or several who called the real service quote it.
 * `reported`: public sources quote it, but few, or for another call.
 * `invented`: chosen for the emulator. Nothing may depend on its text.
 */
export type Evidence = 'confirmed' | 'reported' | 'invented';

export interface Refusal {
  status: number;
  /** The `error` of OAuth, or the code of an OCI or AWS error; '' where the format has none. */
  code: string;
  /** With `{name}` for each value that varies. */
  text: string;
  evidence: Evidence;
  /** Where the text is from, or what else is known of this refusal. */
  source: string;
}

type Make = (status: number, code: string, text: string, source: string) => Refusal;

const withEvidence =
  (evidence: Evidence): Make =>
  (status, code, text, source) => ({ status, code, text, evidence, source });

export const confirmed = withEvidence('confirmed');
export const reported = withEvidence('reported');
export const invented = withEvidence('invented');

type Values = Readonly<Record<string, string | number>>;

/** What a service says to one request. */
export interface ServiceError {
  status: number;
  code: string;
  text: string;
  /** For the journal: which check refused the request, where the code is not precise. */
  reason?: string | undefined;
}

/** Thrown while a request is processed; the handler of its service makes the response. */
export class RefusedRequest extends Error {
  readonly refusal: Refusal;
  readonly reason: string | undefined;
  readonly values: Values;

  constructor(refusal: Refusal, reason?: string, values: Values = {}) {
    super(refusal.text);
    this.refusal = refusal;
    this.reason = reason;
    this.values = values;
  }
}

/** `refuse` of a service: the error to throw for one of its refusals. @param reason for the journal */
export function refuserOf<Name extends string>(refusals: Readonly<Record<Name, Refusal>>) {
  return (name: Name, reason?: string, values: Values = {}): RefusedRequest =>
    new RefusedRequest(refusals[name], reason, values);
}

/** Fills in the values, or replaces an invented text by random words when the settings say so. */
export function serviceError(
  { refusal, reason, values }: Pick<RefusedRequest, 'refusal' | 'reason' | 'values'>,
  { settings }: World,
): ServiceError {
  const { status, code, text, evidence } = refusal;
  const isScrambled = evidence === 'invented' && settings.scrambleInventedTexts;
  const filled = text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  return { status, code, text: isScrambled ? randomWords() : filled, reason };
}

function randomWords(): string {
  return Array.from({ length: 4 }, () => randomBytes(4).toString('hex')).join(' ');
}
