// A real registry behind the emulated Container Registry: it verifies the tokens that the emulator issues.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from '@jest/globals';
import { startConnectProxy } from '../../emulator/proxy.ts';
import type { World } from '../../emulator/server/world.ts';
import { type Journey, startJourney } from '../e2e/journey.ts';
import { installed } from './install.ts';

/** Both spellings of the region's host. */
export const REGISTRY = 'iad.ocir.io';
export const LONG_NAME = 'ocir.us-ashburn-1.oci.oraclecloud.com';

type Options = Parameters<typeof startJourney>[0];

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

/** A job that reaches the registry, with what it stores, under its real names through a proxy. */
export async function startWithRegistry(options: Options = {}): Promise<Journey> {
  const journey = await startJourney({ hosts: { ocir: [REGISTRY, LONG_NAME] }, ...options });
  const { emulator } = journey;
  const proxy = await startConnectProxy({ routes: emulator.routes });
  open.push(() => proxy.close());
  await startRegistry(emulator.world);
  return { ...journey, ...journey.nextJob({ env: { HTTPS_PROXY: proxy.url } }) };
}

/** A registry for the emulated Container Registry to pass requests to. It ends with the test. */
export async function startRegistry(world: World): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'registry-'));
  open.push(() => rmSync(directory, { recursive: true, force: true }));
  const { jwk } = await world.ocirKey();
  const [jwks, config] = [path.join(directory, 'jwks.json'), path.join(directory, 'config.json')];
  writeFileSync(jwks, JSON.stringify({ keys: [jwk] }));
  // JSON is YAML, too.
  const content = {
    version: '0.1',
    log: { level: 'info' },
    storage: { filesystem: { rootdirectory: path.join(directory, 'storage') }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'one of many' },
    auth: {
      token: {
        realm: `https://${REGISTRY}/20180419/docker/token`,
        service: REGISTRY,
        issuer: 'ocir',
        jwks,
      },
    },
  };
  writeFileSync(config, JSON.stringify(content));
  const child = spawn(installed('registry', 'registry'), ['serve', config], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  open.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  world.settings.registryUrl = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(log) ?? [];
      if (address !== undefined) resolve(`http://${address}`);
    });
    ended.then(() => reject(new Error(`the registry ended: ${log}`)), reject);
  });
}
