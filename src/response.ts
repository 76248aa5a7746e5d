// How to read what a server sent: nothing is trusted to be there, to be of its type, or to be fit for a log.
import type { HttpResponse } from './ports.ts';
import type { Secret } from './secret.ts';

const MAX_QUOTED = 300;

/** The body as a JSON object, or undefined for everything else: HTML, lists, cut-off text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
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

/** The first of these headers that holds something fit to be printed as an id. */
export function requestIdFrom(response: HttpResponse, ...names: string[]): string | undefined {
  return names.map((name) => headerText(response, name)).find(isPrintable);
}

/** One word of ASCII in which the runner can find no command. */
export function isPrintable(text: string | undefined): text is string {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text) && !/##\[|::/.test(text);
}

/** Seconds since the epoch that a date can hold: beyond them nothing can be compared or shown. */
export function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e12;
}

/** What a member that should be text says, whatever it is. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** The spellings in which a server may repeat what it was sent. */
function spellingsOf(secret: string): string[] {
  const inForm = new URLSearchParams([['', secret]]).toString().slice(1);
  return [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), inForm];
}

/** A server may echo what was sent, and the runner reads commands out of log lines: neither may come through. */
export function quote(text: string, secrets: readonly Secret[]): string {
  let safe = text;
  for (const secret of secrets) {
    for (const spelling of spellingsOf(secret.reveal())) safe = safe.replaceAll(spelling, String(secret));
  }
  safe = safe
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replaceAll('##[', '## [')
    .replace(/:(?=:)/g, ': ')
    .trim();
  return (safe.length > MAX_QUOTED ? `${safe.slice(0, MAX_QUOTED)}…` : safe).replace(/\.$/, '');
}

/** 408, 429 and 5xx: the statuses that a later, identical request may not meet again. Never another 4xx. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
