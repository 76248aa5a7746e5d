// Saved states and ledgers that were truncated or changed. The post step removes only what belongs to its login.
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { cleanUp } from '../../../src/login/cleanup.ts';
import { parseSavedState, type SavedState } from '../../../src/login/saved-state.ts';
import type { Runner } from '../../../src/ports.ts';
import { ledgerFile, readLedger } from '../../../src/profiles/ledger.ts';
import { parseObject } from '../../../src/response.ts';
import { holds } from './fuzz.ts';
import { deepJson, hostileText, hostileValue, mutated } from './hostile.ts';
import { type MemoryDisk, memoryDisk } from './memory-files.ts';
import { CONFIG, installed } from './sessions.ts';

const TEMPORARY = '/tmp/oci-wif-action-a1';
const OTHERS: Readonly<Record<string, string>> = {
  [CONFIG]: '[Z]\nx=1\n',
  '/home/x/.profile': 'x',
  '/home/x/.oci/other': 'x',
  '/home/x/.oci/sessions/Z/token': 'x',
  '/home/x/.aws/cli/cache/a.json': '{"AssumedRoleUser":{"Arn":"other"}}',
  '/srv/repo/x': 'x',
  '/tmp/x': 'x',
};
const ROLE = 'arn:aws:sts::123456789012:assumed-role/deploy/a';

const runner: Runner = {
  env: (name) => (name === 'OCI_CLI_PROFILE' ? 'P' : undefined),
  mask: () => {},
  output: () => {},
  exportVariable: () => {},
  addPath: () => {},
  saveState: () => {},
  info: () => {},
  warning: () => {},
  group: () => {},
  summary: () => {},
  debug: () => {},
  error: () => {},
  isDebug: () => false,
};

/** Returns a disk with a session, and the saved state. */
async function loggedIn(): Promise<{ disk: MemoryDisk; state: SavedState }> {
  const disk = memoryDisk({ ...OTHERS, [path.join(TEMPORARY, 'aws-web-identity-token')]: 't' });
  const state = await installed(disk);
  const exported = { OCI_CLI_PROFILE: { digest: 'd', before: null } };
  const cachedRole = { cache: '/home/x/.aws/cli/cache', assumedRoleArn: ROLE };
  return { disk, state: { ...state, exported, cachedRole, temporary: TEMPORARY } };
}

type Path = readonly (string | number)[];

/** Returns the path of each member of a JSON value. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...at, name]))];
}

/** Returns a copy in which one member is replaced or removed. */
function changedAt(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const inner = changedAt(copy[name], rest, to);
  if (inner === undefined) delete copy[name];
  else copy[name] = inner;
  return copy;
}

const { disk: DISK, state: STATE } = await loggedIn();
const LEDGER_FILE = ledgerFile(CONFIG);
const LEDGER = parseObject(DISK.read(LEDGER_FILE) ?? '');
const elsewhere = fc.constantFrom(
  '/',
  '',
  '.',
  '..',
  '/home/x',
  '/home/x/.oci',
  '/tmp',
  '/srv/repo',
  '../../..',
  '/home/x/.oci/sessions/Z',
);
/** Any text, mostly this value with a few changes. */
function variantsOf(whole: unknown): fc.Arbitrary<string> {
  const paths = pathsIn(whole).slice(1);
  const change = fc.tuple(
    fc.constantFrom(...paths),
    fc.oneof(elsewhere, hostileValue, fc.constant(undefined)),
  );
  const tampered = fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) =>
      JSON.stringify(changes.reduce<unknown>((value, [at, to]) => changedIfPresent(value, at, to), whole)),
    );
  return fc.oneof(
    { weight: 6, arbitrary: tampered },
    { weight: 2, arbitrary: mutated(fc.constant(JSON.stringify(whole))) },
    fc.json({ maxDepth: 3 }),
    deepJson,
    hostileText,
  );
}

/** An earlier change can have removed the member. */
function changedIfPresent(value: unknown, at: Path, to: unknown): unknown {
  const parent = at.slice(0, -1).reduce<unknown>((inner, name) => Object(inner)[name], value);
  return typeof parent === 'object' && parent !== null ? changedAt(value, at, to) : value;
}

function expectOthersUnchanged(disk: MemoryDisk): void {
  for (const [file, held] of Object.entries(OTHERS).filter(([file]) => file !== CONFIG))
    expect(disk.read(file)).toBe(held);
  expect(disk.read(CONFIG)).toContain(OTHERS[CONFIG]?.trimEnd());
}

describe('the post step', () => {
  holds('removes only files of its login with any saved state', 5000, variantsOf(STATE), async (saved) => {
    const { disk } = await loggedIn();
    const state = parseSavedState(saved);
    if (state !== undefined) await cleanUp({ runner, disk }, state);
    expectOthersUnchanged(disk);
  });

  holds('removes only files of its login with any ledger', 5000, variantsOf(LEDGER), async (text) => {
    const { disk, state } = await loggedIn();
    const key = disk.read('/home/x/.oci/sessions/P/oci_api_key.pem') ?? '';
    disk.write(LEDGER_FILE, Buffer.from(text).toString('latin1'));
    await cleanUp({ runner, disk }, state);
    expectOthersUnchanged(disk);
    expect(Object.values(disk.snapshot())).not.toContain(key);
  });

  holds(
    'reads only ledger entries for files in the same directory',
    3000,
    variantsOf(LEDGER),
    async (text) => {
      const { disk } = await loggedIn();
      disk.write(LEDGER_FILE, Buffer.from(text).toString('latin1'));
      const { createdFiles, entries } = readLedger(disk.files, CONFIG);
      for (const file of [...createdFiles, ...entries.map((entry) => entry.file)])
        expect(path.dirname(file)).toBe(path.dirname(CONFIG));
      for (const { section, directory, previousDirectory } of entries) {
        const own = path.join('/home/x/.oci/sessions', section);
        expect(directory ?? own).toBe(own);
        expect(previousDirectory ?? `${own}~a`).toMatch(/^\/home\/x\/\.oci\/sessions\/[^/]+~[0-9a-f]+$/);
      }
    },
  );
});
