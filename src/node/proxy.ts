// The proxy that the runner's environment configures, by the rules of the toolkit: `https_proxy` before `HTTPS_PROXY`,
// exceptions in `no_proxy` or `NO_PROXY`, loopback always direct.
import { checkBypass } from '@actions/http-client/lib/proxy';
import { ActionError } from '../errors/action-error.ts';
import type { HttpProxy } from '../ports.ts';
import { Secret } from '../secret.ts';

/**
 * Returns a function that finds the proxy for a URL, if any. It reads the variable and masks its secrets once.
 * @param mask gets the proxy's password in each encoding in which it could appear
 * @throws ActionError PROXY_UNREACHABLE when the variable is not a URL, or its password is not percent-encoded. The
 *   message does not show the value
 */
export function proxiesBy(mask: (secret: Secret) => void): (url: URL) => HttpProxy | undefined {
  const name = process.env['https_proxy'] ? 'https_proxy' : 'HTTPS_PROXY';
  const value = process.env[name];
  let proxy: HttpProxy | undefined;
  return (url) => {
    if (url.protocol !== 'https:' || !value || checkBypass(url)) return undefined;
    proxy ??= parse(name, value, mask);
    return proxy;
  };
}

function parse(name: string, value: string, mask: (secret: Secret) => void): HttpProxy {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address)) {
    throw new ActionError('PROXY_UNREACHABLE', `${name} is not an http:// or https:// address.`);
  }
  const { origin, username, password, pathname, search, hash } = new URL(address);
  if (`${pathname}${search}${hash}`.includes('@')) {
    // After a `/`, `?` or `#` in the password, its beginning is parsed as the host, which messages would show.
    const text = `${name} has an @ after the host. Percent-encode user name and password.`;
    throw new ActionError('PROXY_UNREACHABLE', text);
  }
  const [user, secret] = [decoded(username), decoded(password)];
  if (user === '' && secret === '') return { url: new URL(origin), authorization: undefined };
  const basic = Buffer.from(`${user}:${secret}`).toString('base64');
  for (const form of [password, secret, basic]) if (form !== '') mask(new Secret(form));
  return { url: new URL(origin), authorization: new Secret(`Basic ${basic}`) };
}

/** Percent-decoded, or unchanged if it is not valid percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
