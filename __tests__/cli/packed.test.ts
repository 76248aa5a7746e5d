// The bundled script in a job of GitLab, with the Node of the machine: everything that other programs start is this one file.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type Machine, startMachine } from '../../emulator/machines/machine.ts';
import { clustersOf } from '../../emulator/oke/clusters.ts';
import { type Ended, untilEnd } from '../../emulator/runner/ended.ts';
import { processesWith } from '../../emulator/runner/processes.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server/start.ts';
import { OKE_HOST, proxyTo } from '../e2e/clusters.ts';
import { treeOf } from '../e2e/journey.ts';
import { describeWithShell, itWithProcfs } from '../unit/systems-with.ts';
import { PACKAGE, pack, SCRIPT, userPath } from './packed.ts';

const OCIR_HOST = 'ocir.us-ashburn-1.oci.oraclecloud.com';
const scratch = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'packed-')));
const inScratch = (name: string) => path.join(scratch, name);
const open: (() => Promise<void> | void)[] = [];

/** Runs what the kubeconfig and Docker's config file name, and the helper of the npm package. Prints no secret. */
const CHILD = `
const { spawnSync } = require('node:child_process');
const read = (file) => JSON.parse(require('node:fs').readFileSync(file, 'utf8'));
const run = (command, args, input) =>
  JSON.parse(spawnSync(command, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] }).stdout);
const { exec } = read(process.env.KUBECONFIG).users[0].user;
const helper = read(process.env.DOCKER_CONFIG + '/config.json').credHelpers['${OCIR_HOST}'];
console.log(JSON.stringify({
  script: exec.args[0],
  kubectl: run(exec.command, exec.args).kind,
  helper: run('docker-credential-' + helper, ['get'], '${OCIR_HOST}').Username,
  npm: run('node', [process.env.PACKAGE + '/docker-credential-oci-wif.mjs', 'get'], '${OCIR_HOST}').Username,
}));
`;

beforeAll(() => {
  pack(scratch);
  execFileSync('tar', ['-xzf', PACKAGE], { cwd: scratch });
  writeFileSync(inScratch('child.cjs'), CHILD);
});

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

interface Scene {
  emulator: Emulator;
  machine: Machine;
  run(args: readonly string[]): Promise<Ended>;
}

async function start(options: EmulatorOptions = {}): Promise<Scene> {
  const emulator = await startEmulator({ hosts: { oke: OKE_HOST, ocir: OCIR_HOST }, ...options });
  open.push(() => emulator.close());
  const machine = await startMachine(emulator, 'gitlab', { env: await proxyTo(emulator) });
  open.push(() => machine.end());
  const run: Scene['run'] = (args) => {
    const env = { ...machine.env(), PATH: userPath(), PACKAGE: inScratch('package') };
    const child = spawn('node', [inScratch(SCRIPT), ...args], { env, cwd: machine.workspace });
    return untilEnd(child);
  };
  return { emulator, machine, run };
}

describeWithShell('the bundled script', () => {
  it('is what kubectl and Docker start under exec, also as the npm package installs it', async () => {
    const { emulator, machine, run } = await start();
    const [{ id } = { id: '' }] = clustersOf(emulator.world);
    const targets = ['--for', 'cli,kubectl,ocir', '--oke-cluster', id];
    const { exitCode, stdout, stderr } = await run([
      'exec',
      ...targets,
      '--',
      'node',
      inScratch('child.cjs'),
    ]);
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(stdout)).toEqual({
      script: inScratch(SCRIPT),
      kubectl: 'ExecCredential',
      helper: 'BEARER_TOKEN',
      npm: 'BEARER_TOKEN',
    });
    expect(
      emulator.journal.filter(({ service, status }) => service === 'ocir' && status === 200),
    ).toHaveLength(2);
    expect([treeOf(machine.home), treeOf(machine.temp)]).toEqual([{}, {}]);
  });

  itWithProcfs('renews the profile of login as a process of its own, until logout ends it', async () => {
    const { machine, run } = await start();
    const login = await run(['login', '--refresh', 'true', '--json']);
    expect([login.exitCode, login.stderr]).toEqual([0, expect.any(String)]);
    const left = () => processesWith('HOME', machine.home); // the renewal gets few variables of the job
    const [refresher, ...others] = left();
    expect([refresher?.command, others]).toEqual([expect.stringContaining(`${SCRIPT} refresher`), []]);
    expect(readFileSync(path.join(machine.home, '.oci/config'), 'utf8')).toContain('[DEFAULT]');
    const logout = await run(['logout']);
    expect([logout.exitCode, logout.stderr]).toEqual([0, expect.any(String)]);
    expect([left(), treeOf(machine.home), treeOf(machine.temp)]).toEqual([[], {}, {}]);
  });
});
