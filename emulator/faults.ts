// The faults a test can order, as data, and the queue they wait in. Must not know sockets or tokens.
import type { Service } from './message.ts';

/** Instead of the real answer. The handler is not asked. */
export type WireFault =
  | {
      kind: 'status';
      status: number;
      headers?: Record<string, string>;
      body?: string;
      contentType?: string;
    }
  | { kind: 'redirect'; status: 302 | 307; location: string }
  /** An error in the XML of AWS STS, for it alone: IDPCommunicationError, Throttling and others no request provokes. */
  | { kind: 'sts-error'; status: number; code: string; message?: string }
  | {
      kind:
        | 'reset-before-headers'
        | 'reset-inside-body'
        | 'stall-before-headers'
        | 'stall-inside-body'
        | 'html'
        | 'truncated-json'
        | 'empty-body'
        | 'oversized'
        | 'gzip-bomb';
    };

/** A change to a successful answer that carries a token; waits for such an answer. */
export interface AnswerMutation {
  kind:
    | 'empty-token'
    | 'not-a-jwt'
    | 'no-token'
    | 'expired'
    | 'token-under-access_token'
    | 'other-key'
    | 'no-jwk'
    | 'other-tenancy'
    | 'no-tenant'
    | 'injected-tenant'
    | 'jwk-object';
}

export type Fault = WireFault | AnswerMutation;

export interface FaultOrder {
  service: Service;
  /** How many requests it meets; endless by default. */
  times?: number;
  /** How many such requests go by before it begins; none by default. */
  after?: number;
  fault: Fault;
}

/** Which services have an answer that the mutation makes sense for. */
const MUTATIONS: Readonly<Record<AnswerMutation['kind'], readonly Service[]>> = {
  'empty-token': ['github', 'domain'],
  'not-a-jwt': ['github', 'domain'],
  'no-token': ['github', 'domain'],
  expired: ['github', 'domain'],
  'token-under-access_token': ['domain'],
  'other-key': ['domain'],
  'no-jwk': ['domain'],
  'other-tenancy': ['domain'],
  'no-tenant': ['domain'],
  'injected-tenant': ['domain'],
  'jwk-object': ['domain'],
};

/** The faults of a service take effect in the order in which they were added, each until it is used up. */
export class FaultList {
  #orders: { service: Service; waiting: number; left: number; fault: Fault }[] = [];

  add(order: FaultOrder): void {
    const { service, times = Number.POSITIVE_INFINITY, after = 0, fault } = order;
    if (isMutation(fault) && !MUTATIONS[fault.kind].includes(service)) {
      throw new Error(`the fault ${fault.kind} changes no answer of ${service}`);
    }
    if (fault.kind === 'sts-error' && service !== 'sts') {
      throw new Error(`the fault ${fault.kind} is no answer of ${service}`);
    }
    this.#orders.push({ service, waiting: after, left: times, fault });
  }

  clear(): void {
    this.#orders = [];
  }

  /** To be asked once per request, before the handler. */
  takeWireFault(service: Service): WireFault | undefined {
    return this.#take(service, (fault) => (isMutation(fault) ? undefined : fault));
  }

  /** To be asked once per answer that carries a token. */
  takeMutation(service: Service): AnswerMutation | undefined {
    return this.#take(service, (fault) => (isMutation(fault) ? fault : undefined));
  }

  #take<T extends Fault>(service: Service, narrow: (fault: Fault) => T | undefined): T | undefined {
    for (const order of this.#orders) {
      const fault = order.service === service && order.left > 0 ? narrow(order.fault) : undefined;
      if (fault && order.waiting > 0) {
        order.waiting -= 1;
      } else if (fault) {
        order.left -= 1;
        return fault;
      }
    }
    return undefined;
  }
}

function isMutation(fault: Fault): fault is AnswerMutation {
  return Object.hasOwn(MUTATIONS, fault.kind);
}
