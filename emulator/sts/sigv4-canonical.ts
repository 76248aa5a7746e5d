// The canonical request, the text that an AWS signature of version 4 covers.
// Source: "Create a signed AWS API request". Must not know keys.
import { createHash } from 'node:crypto';
import { type EmulatorRequest, pathOf } from '../server/message.ts';

export function hashOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function canonicalRequest(
  request: EmulatorRequest,
  names: readonly string[],
  payload: string,
): string {
  const headers = names.map((name) => `${name}:${canonicalHeader(request, name)}\n`).join('');
  const path = pathOf(request).split('/').map(reencoded).join('/');
  return [request.method, path, canonicalQuery(request), headers, names.join(';'), payload].join('\n');
}

function canonicalHeader(request: EmulatorRequest, name: string): string {
  const values = request.headers[name] ?? [];
  return values.map((value) => value.trim().replaceAll(/ +/g, ' ')).join(',');
}

function canonicalQuery({ target }: EmulatorRequest): string {
  const mark = target.indexOf('?');
  const parts =
    mark < 0
      ? []
      : target
          .slice(mark + 1)
          .split('&')
          .filter((part) => part !== '');
  const pairs = parts.map((part) => {
    const [name = '', ...value] = part.replaceAll('+', '%20').split('=');
    return [reencoded(name), reencoded(value.join('='))] as const;
  });
  const ordered = pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  return ordered.map((pair) => pair.join('=')).join('&');
}

/** Encoded once, whatever the sender did: everything but the unreserved characters of RFC 3986. */
function reencoded(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return text;
  }
}

function compare(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
