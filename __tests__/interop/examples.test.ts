// act runs the examples unchanged. docs/interop.md lists those that it cannot run, with the reason.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type ConnectProxy, startConnectProxy } from '../../emulator/proxy.ts';
import type { StoredObject, World } from '../../emulator/server/world.ts';
import { until } from '../e2e/refresher.ts';
import { type Runner, startRunner } from './act.ts';
import { ACCOUNT, EXAMPLES, type Example } from './examples.ts';
import { rowsOf } from './matrix.ts';
import { startRegistry } from './registry.ts';

const root = path.join(import.meta.dirname, '../..');
const row = rowsOf('act');

let proxy: ConnectProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

function stored(objects: Record<string, string>, modified: number): Map<string, StoredObject> {
  const rest = { contentType: 'text/plain', etag: 'e', modified, metadata: {} };
  return new Map(
    Object.entries(objects).map(([name, text]) => {
      const md5 = createHash('md5').update(text).digest('base64');
      return [name, { body: Buffer.from(text), md5, ...rest }];
    }),
  );
}

function fill(world: World, { oci = {}, s3 = {} }: Example): void {
  const created = world.now();
  for (const [name, content] of Object.entries(oci)) {
    const objects = stored(content, created);
    world.buckets.set(name, { name, compartmentId: 'c', etag: 'e', created, objects });
  }
  for (const [name, content] of Object.entries(s3)) {
    world.s3Buckets.set(name, { name, account: ACCOUNT, created, objects: stored(content, created) });
  }
}

const contents = ({ buckets, s3Buckets }: World) =>
  Object.fromEntries(
    [...buckets.values(), ...s3Buckets.values()].map(({ name, objects }) => [name, [...objects.keys()]]),
  );

const loginsOf = ({ emulator }: Runner) =>
  emulator.journal.filter(({ service, method }) => service === 'domain' && method === 'POST');

/** Whether a process with this command was seen before the run ended. */
async function seenUntil(running: Promise<unknown>, processes: Runner['processes'], part: string) {
  let [seen, ended] = [false, false];
  const end = () => {
    ended = true;
  };
  running.then(end, end);
  await until(() => {
    seen = processes().some(({ command }) => command.includes(part));
    return seen || ended;
  });
  return seen;
}

async function start({ world, hosts, registry }: Example) {
  const claims = { githubClaims: { environment: 'prod' } };
  const runner = await startRunner({ world: { ...claims, ...world }, ...(hosts && { hosts }) });
  if (registry) await startRegistry(runner.emulator.world);
  if (hosts === undefined) return { runner, env: {} };
  proxy = await startConnectProxy({ routes: runner.emulator.routes });
  return { runner, env: { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost,127.0.0.1' } };
}

for (const example of EXAMPLES) {
  const { file, job, remark, later, refreshes, objectsAfter = {}, logPattern = /./ } = example;
  const { logins, refusals = 0 } = example;
  const access = `\`${file}\`${job === undefined ? '' : `, job \`${job}\``}`;
  row({ access, remark }, async () => {
    const { runner, env } = await start(example);
    const { emulator, processes, run } = runner;
    fill(emulator.world, example);
    const running = run({ ...example, file: `examples/${file}`, env });
    if (later !== undefined) {
      await until(() => loginsOf(runner).some(({ status }) => status > 0));
      Object.assign(emulator.world.settings, later);
    }
    const seen = refreshes && (await seenUntil(running, processes, 'refresher.js'));
    const { exitCode, log } = await running;
    expect(seen).toBe(refreshes);
    expect({ exitCode, log: exitCode === 0 ? '' : log }).toEqual({ exitCode: 0, log: '' });
    expect(contents(emulator.world)).toEqual(objectsAfter);
    expect(log).toMatch(logPattern);
    const statuses = [...Array(logins).fill(200), ...Array(refusals).fill(400)];
    expect(loginsOf(runner).map(({ status }) => status)).toEqual(statuses);
  });
}

it('runs every example, or docs/interop.md says why not', () => {
  const page = readFileSync(path.join(root, 'docs/interop.md'), 'utf8');
  const excused = [...page.matchAll(/^\| \[(\S+)\]\(\.\.\/examples\/\1\) \| \S/gm)].map(([, file]) => file);
  const run = new Set(EXAMPLES.map(({ file }) => file));
  expect([...run, ...excused].toSorted()).toEqual(readdirSync(path.join(root, 'examples')).toSorted());
});
