// Pastes the commands of "By hand" in docs/setup.md into a shell, on the machine of an administrator with a new domain.
import { spawn } from 'node:child_process';
import { type Administrator, PUBLIC_HOSTS, startAdministrator } from '../../emulator/runner/administrator.ts';
import { type Ended, untilEnd } from '../../emulator/runner/ended.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';

/** @param open gets what the test must close, in reverse order */
export async function startNewDomain(
  open: (() => Promise<void> | void)[],
): Promise<{ emulator: Emulator; administrator: Administrator }> {
  const emulator = await startEmulator({
    hosts: PUBLIC_HOSTS,
    world: { untouchedDomain: true, groupRefusals: 0 },
  });
  open.push(() => emulator.close());
  const administrator = await startAdministrator(emulator, { programs: ['gh', 'oci'] });
  open.push(() => administrator.end());
  return { emulator, administrator };
}

/** Sets the shell variables of the text that have a value here. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/^(\w+)='.*'/gm, (line, name: string) =>
    values[name] === undefined ? line : `${name}='${values[name]}'`,
  );
}

/** Runs the parts in one shell, in which an unset variable is an error. The prompt for a token of the domain gets that of the administrator. */
export function paste(parts: readonly string[], { world }: Emulator, machine: Administrator): Promise<Ended> {
  const env = { ...machine.env, CURL_CA_BUNDLE: machine.env['SSL_CERT_FILE'] ?? '' };
  const script = ['set -o nounset', ...parts].join('\n');
  const child = spawn('bash', ['-c', script], { cwd: machine.home, env });
  child.stdin.end(`${world.administrator.bearer}\n`);
  return untilEnd(child);
}
