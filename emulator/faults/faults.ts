// The faults that a test can inject, and the list in which they wait for their requests.
import type { AnyService } from '../server/message.ts';

/** Replaces the response. The handler is not called. */
export type WireFault =
  | {
      kind: 'status';
      status: number;
      headers?: Record<string, string>;
      /** Adds `Retry-After` as an HTTP date, this many seconds after the `Date` of the response. */
      retryAfterDate?: number;
      body?: string;
      contentType?: string;
    }
  | { kind: 'redirect'; status: 302 | 307; location: string }
  /** STS only: an XML error that no request provokes, such as IDPCommunicationError or Throttling. */
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

/** What a successful response issues: GitHub's JWT, one of the domain's two tokens, or the credentials of a role. */
export type Credential = 'id-token' | 'session-token' | 'access-token' | 'role-credentials';

const TOKENS = ['id-token', 'session-token', 'access-token'] as const;
const ALL_CREDENTIALS = [...TOKENS, 'role-credentials'] as const;

/** The credentials that each mutation applies to. */
const MUTATIONS = {
  'empty-token': ALL_CREDENTIALS,
  'no-token': ALL_CREDENTIALS,
  /** A number instead of a string; in the XML of STS, a number instead of a time. */
  'wrong-type': ALL_CREDENTIALS,
  expired: ALL_CREDENTIALS,
  'wrong-content-type': ALL_CREDENTIALS,
  /** The right body in a content coding that was not requested. */
  gzip: ALL_CREDENTIALS,
  deflate: ALL_CREDENTIALS,
  br: ALL_CREDENTIALS,
  /** A session token of another tenancy, a JWT of another issuer, or credentials of another account. */
  'other-tenancy': ALL_CREDENTIALS,
  'not-a-jwt': TOKENS,
  'not-yet-valid': TOKENS,
  /** A session token bound to another key, or another token signed with it. */
  'other-key': TOKENS,
  'other-audience': ['id-token', 'access-token'],
  'no-jwk': ['session-token'],
  'no-tenant': ['session-token'],
  'injected-tenant': ['session-token'],
} as const satisfies Record<string, readonly Credential[]>;

/** Changes the next successful response that issues a credential. */
export interface ResponseMutation {
  kind: keyof typeof MUTATIONS;
  /** Changes the domain's access token instead of its session token. */
  of?: 'access-token';
}

export type Fault = WireFault | ResponseMutation;

export interface FaultOrder {
  service: AnyService;
  /** The number of requests it applies to; unlimited by default. */
  times?: number;
  /** The number of such requests that pass before; none by default. */
  after?: number;
  fault: Fault;
}

const DEFAULT_CREDENTIAL: Partial<Record<AnyService, Credential>> = {
  github: 'id-token',
  domain: 'session-token',
  auth: 'session-token',
  sts: 'role-credentials',
};

/** The faults of a service apply in the order in which they were added, each until it is used up. */
export class FaultList {
  #pending: { service: AnyService; passing: number; left: number; fault: Fault }[] = [];

  /** @throws Error when the service cannot have the fault */
  add({ service, times = Number.POSITIVE_INFINITY, after = 0, fault }: FaultOrder): void {
    const applies = isMutation(fault)
      ? canMutate(fault, service)
      : fault.kind !== 'sts-error' || service === 'sts';
    if (!applies) throw new Error(`the fault ${fault.kind} does not apply to ${service}`);
    this.#pending.push({ service, passing: after, left: times, fault });
  }

  clear(): void {
    this.#pending = [];
  }

  /** Call it once per request, before the handler. */
  takeWireFault(service: AnyService): WireFault | undefined {
    return this.#take(service, (fault) => (isMutation(fault) ? undefined : fault));
  }

  /** Call it once per response that issues a credential. */
  takeMutation(service: AnyService, credential: Credential): ResponseMutation | undefined {
    return this.#take(service, (fault) =>
      isMutation(fault) && credentialOf(fault, service) === credential ? fault : undefined,
    );
  }

  #take<T extends Fault>(service: AnyService, narrow: (fault: Fault) => T | undefined): T | undefined {
    for (const entry of this.#pending) {
      const fault = entry.service === service && entry.left > 0 ? narrow(entry.fault) : undefined;
      if (fault && entry.passing > 0) {
        entry.passing -= 1;
      } else if (fault) {
        entry.left -= 1;
        return fault;
      }
    }
    return undefined;
  }
}

function isMutation(fault: Fault): fault is ResponseMutation {
  return Object.hasOwn(MUTATIONS, fault.kind);
}

function credentialOf({ of }: ResponseMutation, service: AnyService): Credential | undefined {
  return of ?? DEFAULT_CREDENTIAL[service];
}

function canMutate(fault: ResponseMutation, service: AnyService): boolean {
  const credential = credentialOf(fault, service);
  const credentials: readonly Credential[] = MUTATIONS[fault.kind];
  return (
    credential !== undefined &&
    credentials.includes(credential) &&
    (fault.of === undefined || service === 'domain')
  );
}
