// How the commands reach a service: a request is authenticated, sent, and its response parsed. No retries, no interpretation.

import type { Secret } from '../../src/secret.ts';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  /** Without authentication, `content-type` and `content-length`. */
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  body?: unknown;
}

export interface ApiResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The parsed JSON; the text if it is none; undefined when empty. */
  body: unknown;
  requestId: string | undefined;
  /** Set after retries, for messages: how many attempts there were, and why they stopped early. */
  attempts?: string;
}

export interface Connection {
  /** Resolves with any status. @throws TransportError when there is no response; CommandError for unusable credentials */
  send(request: ApiRequest): Promise<ApiResponse>;
  /** What a request contains, and a response may repeat: removed from every message. */
  secrets: readonly Secret[];
}

export type OciAuth = 'api_key' | 'security_token' | 'oci-cli' | 'bearer';

export interface OciConnection extends Connection {
  auth: OciAuth;
  /** Of the profile; undefined for a bearer token. */
  tenancy: string | undefined;
  region: string | undefined;
  /** IAM accepts signatures only: false for a bearer token. */
  reachesIam: boolean;
  /** What to do when a service does not accept the credentials. */
  advice: string;
}
