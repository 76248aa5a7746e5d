import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { helperFile } from '../../../src/targets/registry-helper.ts';

const COMMAND = {
  program: [process.execPath, "/a 'b'/$HOME/`x`/print.js"],
  keyFile: '/k"e\\y',
  tokenFile: '/100%/token',
  hosts: ['fra.ocir.io', 'localhost:5000'],
};
const ARGUMENTS = ['/k"e\\y', '/100%/token', 'fra.ocir.io,localhost:5000', 'get'];

describe('the file of the helper', () => {
  (process.platform === 'win32' ? it.skip : it)('passes each word unchanged, on Linux and macOS', () => {
    const directory = mkdtempSync(path.join(tmpdir(), "helper 'a' $x "));
    try {
      const script = path.join(directory, 'print.js');
      writeFileSync(script, 'console.log(JSON.stringify([process.argv.slice(2), process.env.NODE_OPTIONS]))');
      const { name, content } = helperFile(
        'a1',
        { ...COMMAND, program: [process.execPath, script] },
        'linux',
      );
      expect(name).toBe('docker-credential-oci-wif-a1');
      writeFileSync(path.join(directory, name), content, { mode: 0o700 });
      const env = { NODE_OPTIONS: '--import=/missing.mjs' };
      const printed = execFileSync(path.join(directory, name), ['get'], { env, encoding: 'utf8' });
      expect(JSON.parse(printed)).toEqual([ARGUMENTS, null]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is a batch file on Windows, in which a percent sign is doubled', () => {
    const command = { ...COMMAND, program: ['C:\\n\\node.exe', 'C:\\s.js'], keyFile: 'C:\\k' };
    expect(helperFile('a1', command, 'win32')).toEqual({
      name: 'docker-credential-oci-wif-a1.cmd',
      content:
        '@echo off\r\nset NODE_OPTIONS=\r\n' +
        '"C:\\n\\node.exe" "C:\\s.js" "C:\\k" "/100%%/token" "fra.ocir.io,localhost:5000" %*\r\n',
    });
  });
});
