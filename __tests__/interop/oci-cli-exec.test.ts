// The OCI CLI under `oci-wif exec`, in a job of GitLab.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import { type Machine, startMachine } from '../../emulator/machines/machine.ts';
import { type Emulator, startEmulator } from '../../emulator/server/start.ts';
import { runCommand } from '../cli/command.ts';
import { installed } from './install.ts';
import { stdoutOf } from './login.ts';
import { NAMESPACE, row } from './oci-cli.ts';

let emulator: Emulator;
let machine: Machine;

afterEach(async () => {
  machine.end();
  await emulator.close();
});

/** Runs lines of a job, `oci` being the OCI CLI. */
function script(lines: readonly string[]) {
  const { tenancy } = emulator.inputs;
  return runCommand(['exec', '--', 'sh', '-euc', lines.join('\n')], {
    env: {
      ...machine.env(),
      PATH: [path.dirname(installed('oci', 'bin/oci')), machine.env()['PATH']].join(path.delimiter),
      OCI_CLI_ENDPOINT: emulator.urls.oci,
      OCI_CLI_CERT_BUNDLE: emulator.caFile,
      COMPARTMENT: tenancy,
    },
    cwd: machine.workspace,
  });
}

row(
  {
    access: '`oci-wif exec`',
    remark: 'in a job of GitLab: namespace, bucket, 5 MB uploaded and downloaded, list, delete; no flags',
  },
  async () => {
    emulator = await startEmulator({ world: { scrambleInventedTexts: true } });
    machine = await startMachine(emulator, 'gitlab');
    expect(await script(['oci os ns get'])).toEqual({
      exitCode: 0,
      endedBy: null,
      stdout: NAMESPACE,
      stderr: expect.any(String),
    });
    writeFileSync(path.join(machine.workspace, 'five'), randomBytes(5_000_000));
    const output = stdoutOf(
      await script([
        'oci os bucket create --name made-here --compartment-id "$COMPARTMENT"',
        'oci os object put -bn made-here --file five --name a/five',
        'oci os object get -bn made-here --name a/five --file back',
        'oci os object list -bn made-here',
        'oci os object delete -bn made-here --name a/five --force',
        'oci os bucket delete -bn made-here --force',
      ]),
    );
    expect(output).toContain('"name": "a/five"');
    const [sent, back] = ['five', 'back'].map((name) => readFileSync(path.join(machine.workspace, name)));
    expect(back?.equals(sent ?? Buffer.alloc(0))).toBe(true);
    expect(emulator.world.buckets.size).toBe(0);
    expect(machine.processes()).toEqual([]);
  },
);
