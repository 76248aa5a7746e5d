// Reads responses. Any member can be absent, of the wrong type, or unsafe for a log.
import type { HttpResponse } from './ports.ts';
import { isMaskable, type Secret } from './secret.ts';

const MAX_QUOTED = 300;
/** Real responses have three levels. Code that walks thousands of them would exhaust the stack. */
const MAX_DEPTH = 32;

/** Undefined for what is no JSON, such as HTML or cut-off text, and for JSON that is nested absurdly deep. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value from a JSON text can be walked without danger to the stack. */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

/** A JSON object, or undefined for everything else, lists included. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Record<string, unknown>;
}

export function headerText({ headers }: HttpResponse, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The server's clock in milliseconds since the epoch, from its `Date` header. */
export function serverTimeOf(response: HttpResponse): number | undefined {
  const time = Date.parse(headerText(response, 'date') ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** The first of these headers that holds a printable id. */
export function requestIdFrom(response: HttpResponse, ...names: string[]): string | undefined {
  return names.map((name) => headerText(response, name)).find(isPrintable);
}

/** One word of ASCII that holds no command of the runner. */
export function isPrintable(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]{1,200}$/.test(text) && !/##\[|::/.test(text);
}

/** The form of a JWT. Other characters would break headers, masks and one-line files. */
export function isJwt(token: unknown): token is string {
  return typeof token === 'string' && /^[\w+/=-]+\.[\w+/=-]+\.[\w+/=-]*$/.test(token);
}

/** Seconds since the epoch, within the range of `Date`. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

/** A member that should be a string, as a string; '' if it is absent. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null || !isShallow(value) ? '' : JSON.stringify(value);
}

/** A server's text on one line, without the secrets that it may repeat and the commands that the runner would run. */
export function quote(text: string, secrets: readonly Secret[]): string {
  let safe = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    const inForm = new URLSearchParams([['', value]]).toString().slice(1);
    const spellings = [value, Buffer.from(value).toString('base64'), encodeURIComponent(value), inForm];
    for (const spelling of spellings.filter(isMaskable)) safe = safe.replaceAll(spelling, String(secret));
  }
  safe = withoutCommands(safe.replace(/[\p{Cc}\s]+/gu, ' '))
    .replace(/:(?=:)/g, ': ')
    .trim();
  return (safe.length > MAX_QUOTED ? `${safe.slice(0, MAX_QUOTED)}…` : safe).replace(/\.$/, '');
}

/**
 * One line of the log. The runner of GitHub executes `##[…]` anywhere in a line and `::…::` at its beginning, the agent of
 * Azure Pipelines `##vso[…]` anywhere. Keeps colors.
 * @see ActionCommand.cs (actions/runner); Logging commands (Azure Pipelines)
 */
export function withoutCommands(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a color begins with one
      .replace(/(?!\u001b\[\d+m)[\p{Cc}\u2028\u2029]/gu, ' ')
      .replace(/(##\w*)\[/g, '$1 [')
      .replace(/^\s*:(?=:)/, '$& ')
  );
}

/** The code and the description of a refusal, made safe by `quote`. Both may be absent. */
export function quoteRefusal(code: unknown, description: unknown, secrets: readonly Secret[]): string {
  return quote([code, description].map(toText).filter(Boolean).join(': '), secrets);
}

/**
 * The message for an HTML page, which a proxy, a gateway or a captive portal sends. Undefined for any other response.
 * @param service the service that should have responded
 */
export function describeHtmlPage(response: HttpResponse, service: string): string | undefined {
  const { host = 'A server', status } = response;
  if (status === 404 || (status >= 300 && status < 400)) return undefined; // any server may send these with a page
  const start = response.text.slice(0, 1000);
  const isPage = /^\s*(<!--[^>]*-->\s*)*<(!doctype html|html|head|body)\b/i.test(start);
  // The type alone is not certain: some servers send JSON and XML with it.
  const isText = /^text\/html/i.test(headerText(response, 'content-type') ?? '') && !/^\s*[<{["]/.test(start);
  if (!isPage && !isText) return undefined;
  return `${host} responded with an HTML page (status ${status}): a proxy or gateway responded in place of ${service}.`;
}

/** For messages about a response that is neither a success nor a refusal. */
export function describeStatus(status: number): string {
  return status >= 300 && status < 400
    ? `a redirect (${status}), which is never followed`
    : `status ${status}`;
}

/** How the APIs of OCI refuse a caller without a policy, and a resource that does not exist. @see API Errors (OCI documentation) */
export function isNotAuthorized(status: number, code: string): boolean {
  return (status === 403 || status === 404) && /^NotAuthorized(OrNotFound)?$/.test(code);
}

/** 408, 429 and 5xx: an identical request may succeed later. No other 4xx. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
