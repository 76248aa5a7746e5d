// The faults a test can order, as data, and the queue they wait in. Must not know sockets or tokens.
import type { Service } from '../server/message.ts';

/** Instead of the real answer. The handler is not asked. */
export type WireFault =
  | {
      kind: 'status';
      status: number;
      headers?: Record<string, string>;
      /** Adds `Retry-After` as an HTTP date, so many seconds after the answer's own `Date`. */
      retryAfterDate?: number;
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
        | 'stall-inside-headers'
        | 'stall-inside-body'
        | 'html'
        | 'truncated-json'
        | 'empty-body'
        | 'oversized'
        | 'gzip-bomb';
    };

/** What a successful answer can carry: GitHub's JWT, the domain's two tokens, and what STS gives for a role. */
export type Grant = 'id-token' | 'session-token' | 'access-token' | 'role-credentials';

/** Which grants each change makes sense for. */
const MUTATIONS = {
  'empty-token': ['id-token', 'session-token', 'access-token', 'role-credentials'],
  'no-token': ['id-token', 'session-token', 'access-token', 'role-credentials'],
  /** A number where a text belongs; in the XML of STS, which knows no types, a number where a time belongs. */
  'wrong-type': ['id-token', 'session-token', 'access-token', 'role-credentials'],
  expired: ['id-token', 'session-token', 'access-token', 'role-credentials'],
  'wrong-content-type': ['id-token', 'session-token', 'access-token', 'role-credentials'],
  /** Somebody else's: another issuer in a JWT, another account in a role's credentials. */
  'other-tenancy': ['id-token', 'session-token', 'access-token', 'role-credentials'],
  'not-a-jwt': ['id-token', 'session-token', 'access-token'],
  'not-yet-valid': ['id-token', 'session-token', 'access-token'],
  /** A session token bound to it, any other signed with it. */
  'other-key': ['id-token', 'session-token', 'access-token'],
  'other-audience': ['id-token', 'access-token'],
  'token-under-access_token': ['session-token'],
  'no-jwk': ['session-token'],
  'no-tenant': ['session-token'],
  'injected-tenant': ['session-token'],
  'jwk-object': ['session-token'],
} as const satisfies Record<string, readonly Grant[]>;

/** A change to a successful answer that carries a token or credentials; waits for such an answer. */
export interface AnswerMutation {
  kind: keyof typeof MUTATIONS;
  /** Of the domain's two tokens the one that is changed; the session token by default. */
  of?: 'access-token';
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

const DEFAULT_GRANT: Partial<Record<Service, Grant>> = {
  github: 'id-token',
  domain: 'session-token',
  sts: 'role-credentials',
};

/** The faults of a service take effect in the order in which they were added, each until it is used up. */
export class FaultList {
  #orders: { service: Service; waiting: number; left: number; fault: Fault }[] = [];

  add(order: FaultOrder): void {
    const { service, times = Number.POSITIVE_INFINITY, after = 0, fault } = order;
    if (isMutation(fault) && !makesSense(fault, service)) {
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

  /** To be asked once per answer that carries a grant. */
  takeMutation(service: Service, grant: Grant): AnswerMutation | undefined {
    return this.#take(service, (fault) =>
      isMutation(fault) && grantOf(fault, service) === grant ? fault : undefined,
    );
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

function grantOf({ of }: AnswerMutation, service: Service): Grant | undefined {
  return of ?? DEFAULT_GRANT[service];
}

function makesSense(fault: AnswerMutation, service: Service): boolean {
  const grant = grantOf(fault, service);
  const grants: readonly Grant[] = MUTATIONS[fault.kind];
  return grant !== undefined && grants.includes(grant) && (fault.of === undefined || service === 'domain');
}
