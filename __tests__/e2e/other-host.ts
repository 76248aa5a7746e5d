// Preloaded into a step (`--import`): gives its process the umask, user, home directory, clock or DNS of another host.

import dns from 'node:dns';
import { chownSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const { HOST_UMASK, HOST_HOME, HOST_USER, HOST_CLOCK_RATE, HOST_LOCK, HOST_LOOKUP } = process.env;

if (HOST_UMASK !== undefined) process.umask(Number.parseInt(HOST_UMASK, 8));

// A clock that runs this many times as fast, for limits that are too long to wait for.
if (HOST_CLOCK_RATE !== undefined) {
  const { now } = Date;
  const start = now();
  Date.now = () => start + (now() - start) * Number(HOST_CLOCK_RATE);
}

// A lock file of another process that stays new by this clock, as if that process took the lock again and again.
if (HOST_LOCK !== undefined) {
  const renew = () => utimesSync(HOST_LOCK, Date.now() / 1000, Date.now() / 1000);
  renew();
  setInterval(renew, 20).unref();
}

// A user without an account, as in a container that was started with a user ID.
if (HOST_USER !== undefined && process.setgid && process.setuid && process.getuid?.() === 0) {
  for (const file of ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'])
    chownSync(process.env[file] ?? '', Number(HOST_USER), Number(HOST_USER));
  chownSync(path.dirname(process.env['GITHUB_OUTPUT'] ?? ''), Number(HOST_USER), Number(HOST_USER));
  process.setgid(Number(HOST_USER));
  process.setuid(Number(HOST_USER));
} else if (HOST_USER !== undefined) {
  // Only root can become another user. Otherwise the functions of `os` fail as they do for a user without an account.
  const unknown = (): never => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  };
  const { HOME } = process.env;
  Object.assign(os, { userInfo: unknown, homedir: HOST_HOME === 'none' ? unknown : () => HOME });
}

// Without a network, the system reports EAI_AGAIN for every name.
if (HOST_LOOKUP !== undefined) {
  const { lookup } = dns;
  const failing = (
    name: string,
    options: dns.LookupOptions,
    done: (
      error: NodeJS.ErrnoException | null,
      address: string | dns.LookupAddress[],
      family: number,
    ) => void,
  ) =>
    name.endsWith('.invalid')
      ? done(Object.assign(new Error(`getaddrinfo ${HOST_LOOKUP} ${name}`), { code: HOST_LOOKUP }), '', 0)
      : lookup(name, options, done);
  Object.assign(dns, { lookup: failing });
}

if (HOST_HOME === 'none') delete process.env['HOME'];
