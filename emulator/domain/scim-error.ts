// The one shape in which a domain refuses outside OAuth (RFC 7644 section 3.12). Must not know what was asked.
import { type EmulatorResponse, json } from '../server/message.ts';

export function scimError(status: number, detail: string, reason: string): EmulatorResponse {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  return { ...json(status, { schemas, status: String(status), detail }), reason };
}
