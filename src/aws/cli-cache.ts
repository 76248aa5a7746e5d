// The AWS CLI keeps what it gets for a role that a profile names in files of its own, secrets in clear. Those of our
// session go with the session; others are none of our business.
import path from 'node:path';
import type { Files } from '../ports.ts';
import { parseObject } from '../response.ts';

/** @see Assume role with web identity, "Using the role in the AWS CLI": temporary credentials are cached (AWS CLI User Guide) */
export function cliCache(home: string): string {
  return path.join(home, '.aws/cli/cache');
}

/** Removes the cached credentials of one role session, which its ARN tells from all others. */
export function forgetCachedRole(files: Files, cache: string, assumedRoleArn: string): void {
  for (const name of files.list(cache).filter((entry) => entry.endsWith('.json'))) {
    const file = path.join(cache, name);
    const text = files.kind(file) === 'file' ? Buffer.from(files.read(file)).toString('utf8') : '';
    const user = parseObject(text)?.['AssumedRoleUser'];
    const arn = typeof user === 'object' && user !== null && 'Arn' in user ? user.Arn : undefined;
    if (arn === assumedRoleArn) files.remove(file);
  }
}
