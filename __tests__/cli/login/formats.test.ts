// The forms of the result of `login`, read by the programs that they are for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { inDotenv, jsonOf, type LoginResult, textOf } from '../../../cli/login/formats.ts';
import { describeWithShell } from '../../unit/systems-with.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'formats-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const VALUES = {
  PLAIN: '/home/me/.oci/config',
  SPACES: '/home/my user/.oci/config',
  QUOTE: "/home/o'neill/.oci",
  QUOTES: '/home/"a"/.oci',
  DOLLAR: '/home/$HOME/`id`/$(id)',
  BACKSLASH: 'C:\\Users\\new\\.oci',
  TYPOGRAPHIC: '/home/‘a’‚b‛',
  EMPTY: '',
  TWO_LINES: 'a\nexport EVIL=1',
  PERCENT: '%PATH%!x!;&|<>*?~#',
};

const RESULT: LoginResult = {
  facts: { profile: 'DEFAULT', 'config-file': VALUES.QUOTE, 'expires-at': '2026-11-26T09:00:00.000Z' },
  variables: VALUES,
  directories: ["/opt/o'neill/bin", '/opt/$HOME/bin'],
  isRenewed: true,
};

const warnings: string[] = [];
const context = { searchPath: '/usr/bin:/bin', warn: (text: string) => void warnings.push(text) };

const hasPwsh = spawnSync('pwsh', ['--version']).status === 0;

describeWithShell('sh', () => {
  const shells = ['sh', 'dash', 'bash', 'busybox'].filter(
    (one) => spawnSync(one, ['-c', 'true']).status === 0 || one === 'sh',
  );
  it.each(shells)('sets each variable in %s, whatever it contains', (shell) => {
    const file = path.join(scratch, 'session.sh');
    writeFileSync(file, textOf('sh', RESULT, context));
    const script = `set -eu; . ${file}; exec ${process.execPath} -p 'JSON.stringify(process.env)'`;
    const args = shell === 'busybox' ? ['sh', '-c', script] : ['-c', script];
    // With a socket as standard input, bash reads its start-up files.
    const { stdout, stderr } = spawnSync(shell, args, {
      env: { PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const env = JSON.parse(stdout) as Record<string, string>;
    expect([stderr, env]).toEqual(['', expect.objectContaining(VALUES)]);
    expect(env['PATH']).toBe("/opt/o'neill/bin:/opt/$HOME/bin:/usr/bin:/bin");
    expect(env['EVIL']).toBeUndefined();
  });
});

describe('powershell', () => {
  it('doubles each character that PowerShell takes for a single quote', () => {
    const lines = textOf('powershell', RESULT, context).split('\n');
    expect(lines).toContain("$env:QUOTE = '/home/o''neill/.oci'");
    expect(lines).toContain("$env:TYPOGRAPHIC = '/home/‘‘a’’‚‚b‛‛'");
    expect(lines.at(-1)).toBe(
      "$env:PATH = '/opt/o''neill/bin:/opt/$HOME/bin' + [IO.Path]::PathSeparator + $env:PATH",
    );
  });

  (hasPwsh ? it : it.skip)('sets each variable in pwsh', () => {
    const file = path.join(scratch, 'session.ps1');
    const script = `${textOf('powershell', RESULT, context)}\n& '${process.execPath}' -p 'JSON.stringify(process.env)'`;
    writeFileSync(file, script);
    const { stdout } = spawnSync('pwsh', ['-NoProfile', '-File', file], { encoding: 'utf8' });
    const { EMPTY: _, ...others } = VALUES; // before version 7.5, an empty variable is removed
    expect(JSON.parse(stdout)).toMatchObject(others);
  });
});

describe('dotenv', () => {
  it('is read by Node as it was written; what readers treat differently is left out with a warning', () => {
    warnings.length = 0;
    const { TWO_LINES: _, ...others } = VALUES;
    const text = textOf('dotenv', RESULT, context);
    expect(parseEnv(text)).toEqual(others);
    expect(warnings).toEqual([
      expect.stringMatching(/^TWO_LINES was left out: /),
      expect.stringMatching(/^PATH was left out: /),
    ]);
    expect(inDotenv('/home/me')).toBe('"/home/me"');
  });

  it('contains the whole PATH, because it cannot refer to it', () => {
    const text = textOf('dotenv', { ...RESULT, variables: {}, directories: ['/opt/bin'] }, context);
    expect(text).toBe('PATH="/opt/bin:/usr/bin:/bin"');
  });
});

describe('json', () => {
  it('has the version, the names of the outputs in snake case, the variables and the directories', () => {
    expect(jsonOf(RESULT)).toEqual({
      version: 1,
      profile: 'DEFAULT',
      config_file: VALUES.QUOTE,
      expiration: '2026-11-26T09:00:00.000Z',
      renewed: true,
      variables: VALUES,
      path: RESULT.directories,
    });
  });
});
