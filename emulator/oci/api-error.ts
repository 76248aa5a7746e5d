// The one shape in which OCI's APIs refuse. Source: "API Errors". Must not know which service refuses.
import { type EmulatorResponse, json } from '../server/message.ts';

export function apiError(status: number, code: string, message: string): EmulatorResponse {
  return { ...json(status, { code, message }), reason: code };
}

export function wrongMethod(): EmulatorResponse {
  return apiError(405, 'MethodNotAllowed', 'The method is not allowed here.');
}
