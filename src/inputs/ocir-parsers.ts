import { invalid, quoted, splitList } from './parsers.ts';

/** Host names as in the names of images, perhaps with a port. */
export function registries(raw: string): readonly string[] {
  const hosts = splitList(raw);
  const wrong = hosts.filter(
    (host) => !/^(localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]+)(:\d{1,5})?$/.test(host),
  );
  if (wrong.length === 0 && hosts.length > 0) return [...new Set(hosts)];
  const form = 'such as fra.ocir.io, in lower case, without https:// and without a path';
  return invalid(`must contain only host names of registries, ${form}; not ${quoted(wrong.join(', '))}`);
}
