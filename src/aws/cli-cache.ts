import path from 'node:path';
import { tryEach } from '../errors/try-each.ts';
import type { Files } from '../ports.ts';
import { parseObject } from '../response.ts';

/**
 * Where the AWS CLI keeps credentials of roles, unencrypted.
 * @see Assume role with web identity, "Using the role in the AWS CLI" (AWS CLI User Guide)
 */
export function cliCache(home: string): string {
  return path.join(home, '.aws/cli/cache');
}

/** Removes the cached credentials of one role session. */
export function removeCachedRole(files: Files, cache: string, assumedRoleArn: string): void {
  const directory = files.realPath(cache);
  if (directory === undefined) return;
  const names = files.list(directory).filter((entry) => entry.endsWith('.json'));
  const removeIfOurs = (file: string) => {
    const text = Buffer.from(files.read(file) ?? '').toString('utf8');
    const user = parseObject(text)?.['AssumedRoleUser'];
    const arn = typeof user === 'object' && user !== null && 'Arn' in user ? user.Arn : undefined;
    if (arn === assumedRoleArn) files.remove(file);
  };
  tryEach(names.map((name) => () => removeIfOurs(path.join(directory, name))));
}
