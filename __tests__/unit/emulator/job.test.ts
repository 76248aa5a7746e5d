// The directories of an emulated job.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import { itWithLinks } from '../systems-with.ts';

const JOB = new URL('../../../emulator/runner/job.ts', import.meta.url).href;
const SHOW = `
  const { startJob } = await import(${JSON.stringify(JOB)});
  const { home, temp, workspace, end } = startJob();
  console.log(JSON.stringify([home, temp, workspace]));
  end();
`;

itWithLinks(
  'a job has directories without links when the temporary directory is behind one, as on macOS',
  () => {
    const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'linked-')));
    const link = path.join(root, 'var');
    mkdirSync(path.join(root, 'private'));
    symlinkSync(path.join(root, 'private'), link);
    const env = { ...process.env, TMPDIR: link, TEMP: link, TMP: link };
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', SHOW];
    const directories = JSON.parse(
      execFileSync(process.execPath, args, { env, encoding: 'utf8' }),
    ) as string[];
    const parents = directories.map((directory) => path.dirname(path.dirname(directory)));
    expect(parents).toEqual(Array.from({ length: 3 }, () => path.join(root, 'private')));
    rmSync(root, { recursive: true });
  },
);
