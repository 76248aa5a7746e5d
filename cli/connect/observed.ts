// Reports requests that change something, for the journal.
import type { Connection } from './connection.ts';

/** Without the body, which may hold a secret. */
export interface WriteRequest {
  method: string;
  /** Without query, except for the action of AWS. */
  url: string;
  /** Undefined before the response. */
  status: number | undefined;
  requestId: string | undefined;
}

export type Observer = (request: WriteRequest) => void;

/** Each write request is reported twice: before it is sent, and after its response. */
export function observed<T extends Connection>(connection: T, observe: Observer): T {
  const send: Connection['send'] = async (request) => {
    const { method, url } = request;
    if (method === 'GET') return connection.send(request);
    const line = { method, url: `${url.origin}${url.pathname}`, status: undefined, requestId: undefined };
    observe(line);
    const response = await connection.send(request);
    observe({ ...line, status: response.status, requestId: response.requestId });
    return response;
  };
  return { ...connection, send };
}
