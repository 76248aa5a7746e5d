// Error responses of the OCI APIs. Source: "API Errors".
import { type EmulatorResponse, json } from '../server/message.ts';

export function apiError(status: number, code: string, message: string): EmulatorResponse {
  return { ...json(status, { code, message }), reason: code };
}

export function methodNotAllowed(): EmulatorResponse {
  return apiError(405, 'MethodNotAllowed', 'The method is not allowed here.');
}

/** OCI's text is the same for every cause; the emulator adds a header with the reason. */
export function notAuthenticated(reason: string): EmulatorResponse {
  const message = 'The required information to complete authentication was not provided or was incorrect.';
  const { status, headers, body } = apiError(401, 'NotAuthenticated', message);
  return { status, headers: { ...headers, 'x-emulator-reason': reason }, body, reason };
}
