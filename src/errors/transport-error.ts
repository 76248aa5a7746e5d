/** Why a request got no usable response. */
export type TransportFailure =
  | 'unreachable'
  | 'host-not-found'
  /** The resolver did not respond, so the name may exist. */
  | 'lookup-failed'
  | 'untrusted'
  | 'timed-out'
  | 'unusable'
  | 'proxy-unreachable'
  | 'proxy-refused';

/** Thrown by `Http`. The caller knows the service and translates it, see `diagnosis/service-failure.ts`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly failure: TransportFailure;
  /** True when the deadline of the step ended the attempts, not their number. */
  readonly outOfTime: boolean;

  constructor(failure: TransportFailure, message: string, outOfTime = false) {
    super(message);
    this.failure = failure;
    this.outOfTime = outOfTime;
  }
}
