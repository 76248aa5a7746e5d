// What a command that gives ID tokens may write: a JWT, or the JSON of Google's executable-sourced credentials.
import { isJwt, parseObject, quote, toText } from '../../src/response.ts';
import { withoutTokens } from './token.ts';

export type ExecutableResponse =
  | { token: string; expiresAt: number | undefined }
  /** What is wrong, as the end of a sentence, safe for a log. `isRefusal`: the command itself says so. */
  | { fault: string; isRefusal: boolean };

const TOKEN_TYPES = ['urn:ietf:params:oauth:token-type:id_token', 'urn:ietf:params:oauth:token-type:jwt'];

/** @see Executable-sourced credentials (Google AIP-4117) */
export function parseExecutableResponse(output: string): ExecutableResponse {
  const text = output.trim();
  if (text === '') return malformed('wrote nothing to standard output');
  if (isJwt(text)) return { token: text, expiresAt: undefined };
  const members = parseObject(text);
  if (members === undefined) return malformed('wrote neither a JWT nor a JSON object to standard output');
  const { version, success, code, message, token_type: type, id_token: token } = members;
  if (version !== 1) return malformed('wrote JSON without `"version": 1`');
  if (success === false) {
    const words = quote(withoutTokens([code, message].map(toText).filter(Boolean).join(': ')), []);
    return { fault: `reported a failure${words && ` (${words})`}`, isRefusal: true };
  }
  if (success !== true) return malformed('wrote JSON whose `success` is neither true nor false');
  if (!TOKEN_TYPES.includes(toText(type)))
    return malformed(`wrote JSON whose \`token_type\` is not ${TOKEN_TYPES[0]}`);
  if (!isJwt(token)) return malformed('wrote JSON whose `id_token` is not a JWT');
  const { expiration_time: end } = members;
  if (end !== undefined && !isEpoch(end))
    return malformed('wrote JSON whose `expiration_time` is not in seconds since the epoch');
  return { token, expiresAt: end === undefined ? undefined : Number(end) * 1000 };
}

function malformed(fault: string): ExecutableResponse {
  return { fault, isRefusal: false };
}

/** Google's own libraries accept a number in a string, too. */
function isEpoch(value: unknown): boolean {
  return (typeof value === 'number' || typeof value === 'string') && /^\d{1,12}$/.test(String(value));
}
