// A job of a CI system that runs `oci-wif`. What the command prints is searched for secrets.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect } from '@jest/globals';
import {
  type CiSystem,
  type Machine,
  type MachineOptions,
  startMachine,
} from '../../../emulator/machines/machine.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../../emulator/server/start.ts';
import { type CommandRun, runCommand } from '../command.ts';

const OCI = path.join(import.meta.dirname, '../../../emulator/oci/raw-request.ts');

export interface Journey {
  emulator: Emulator;
  machine: Machine;
  /** Runs the command in the checkout. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandRun>;
  /** Runs `exec` with the settings of the machine and a program that calls OCI with the profile. */
  exec(options?: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandRun>;
  /** Everything below the home, the temporary and the checkout directory. */
  files(): string[];
}

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export async function startJourney(
  system: CiSystem,
  options: MachineOptions & Pick<EmulatorOptions, 'world' | 'hosts'> = {},
): Promise<Journey> {
  const { world, ...others } = options;
  const emulator = await startEmulator({ ...others, world: { scrambleInventedTexts: true, ...world } });
  open.push(() => emulator.close());
  const machine = await startMachine(emulator, system, options);
  open.push(() => machine.end());
  const run: Journey['run'] = async (args, env) => {
    const ended = await runCommand(args, { env: { ...machine.env(), ...env }, cwd: machine.workspace });
    const printed = ended.stdout + ended.stderr;
    expect(emulator.secrets().filter((secret) => secret !== '' && printed.includes(secret))).toEqual([]);
    return ended;
  };
  return {
    emulator,
    machine,
    run,
    exec: (options = [], env) =>
      run(['exec', ...machine.sourceArguments, ...options, '--', ...namespaceCommand(emulator)], env),
    files: () => [machine.home, machine.temp, machine.workspace].flatMap(filesBelow),
  };
}

/** Reads the profile that the variables of the OCI CLI name, and prints the namespace of Object Storage. */
export function namespaceCommand({ urls }: Emulator): string[] {
  return [process.execPath, OCI, 'raw-request', '--http-method', 'GET', '--target-uri', `${urls.oci}/n/`];
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) =>
    path.join(parentPath, name),
  );
}
