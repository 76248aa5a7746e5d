// Loaded into an entry before it runs (`--import`): makes its process one of another host. Knows nothing of the entry.
import { chownSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { HOST_UMASK, HOST_HOME, HOST_USER, HOST_HASTE } = process.env;

if (HOST_UMASK !== undefined) process.umask(Number.parseInt(HOST_UMASK, 8));

// Time that passes so many times as fast, for limits that are too long to wait for.
if (HOST_HASTE !== undefined) {
  const { now } = Date;
  const start = now();
  Date.now = () => start + (now() - start) * Number(HOST_HASTE);
}

// A user that no account has, as in a container that was started with a number.
if (HOST_USER !== undefined && process.setgid && process.setuid && process.getuid?.() === 0) {
  for (const file of ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'])
    chownSync(process.env[file] ?? '', Number(HOST_USER), Number(HOST_USER));
  chownSync(path.dirname(process.env['GITHUB_OUTPUT'] ?? ''), Number(HOST_USER), Number(HOST_USER));
  process.setgid(Number(HOST_USER));
  process.setuid(Number(HOST_USER));
} else if (HOST_USER !== undefined) {
  // Who is not root cannot become another; the system's answers for such a user are played instead.
  const unknown = (): never => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  };
  const { HOME } = process.env;
  Object.assign(os, { userInfo: unknown, homedir: HOST_HOME === 'none' ? unknown : () => HOME });
}

if (HOST_HOME === 'none') delete process.env['HOME'];
