// What main saved, as it may be found again: whole, cut short, changed by a hand. Cleaning up by it must never run wild.
import path from 'node:path';
import { describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { cleanUp } from '../../../src/login/cleanup.ts';
import { installSession } from '../../../src/login/install-session.ts';
import { parseSavedState, type SavedState } from '../../../src/login/saved-state.ts';
import type { Runner } from '../../../src/ports.ts';
import { parseUndoRecord, type UndoRecord } from '../../../src/profiles/section-target.ts';
import { parseObject } from '../../../src/response.ts';
import { Secret } from '../../../src/secret.ts';
import { holds } from './fuzz.ts';
import { deepJson, hostileText, hostileValue, mutated } from './hostile.ts';
import { type MemoryDisk, memoryDisk } from './memory-files.ts';
import { failureOf } from './verdict.ts';

const CONFIG = '/home/x/.oci/config';
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
  saveState: () => {},
  info: () => {},
  warning: () => {},
  group: () => {},
  summary: () => {},
  debug: () => {},
  error: () => {},
  isDebug: () => false,
};

/** A disk with a session on it, and the state that main would have saved. */
async function loggedIn(): Promise<{ disk: MemoryDisk; state: SavedState }> {
  const disk = memoryDisk({ ...OTHERS, [path.join(TEMPORARY, 'aws-web-identity-token')]: 't' });
  const places: UndoRecord[] = [];
  await installSession(disk, {
    owner: { loginId: 'a1', jobId: '0b' },
    configFile: CONFIG,
    profile: 'P',
    overwriteProfile: true,
    tenancy: 't',
    region: 'r',
    fingerprint: 'f',
    privateKeyPem: new Secret('k'),
    token: new Secret('t'),
    save: (record) => void places.splice(0, 1, structuredClone(record)),
    warn: () => {},
  });
  const exported = { OCI_CLI_PROFILE: { digest: 'd', before: null, neverEmpty: false } };
  const cachedRole = { cache: '/home/x/.aws/cli/cache', assumedRoleArn: ROLE };
  const rest = { exported, cachedRole, temporary: TEMPORARY, refresher: null, cleanup: true };
  return { disk, state: { version: 1, loginId: 'a1', places, ...rest } };
}

type Path = readonly (string | number)[];

/** Every member of a JSON value, by the way that leads to it. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...at, name]))];
}

/** A copy in which one member is another value, or gone. */
function changedAt(value: unknown, [name, ...rest]: Path, to: unknown): unknown {
  if (name === undefined) return to;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  const inner = changedAt(copy[name], rest, to);
  if (inner === undefined) delete copy[name];
  else copy[name] = inner;
  return copy;
}

const { state: WHOLE } = await loggedIn();
const PATHS = pathsIn(WHOLE).slice(1);
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
const change = fc.tuple(fc.constantFrom(...PATHS), fc.oneof(elsewhere, hostileValue, fc.constant(undefined)));
const tampered = fc
  .array(change, { minLength: 1, maxLength: 3 })
  .map((changes) =>
    JSON.stringify(changes.reduce<unknown>((value, [at, to]) => changedIfThere(value, at, to), WHOLE)),
  );

/** An earlier change may have taken away what a later one would change. */
function changedIfThere(value: unknown, at: Path, to: unknown): unknown {
  const holder = at.slice(0, -1).reduce<unknown>((inner, name) => Object(inner)[name], value);
  return typeof holder === 'object' && holder !== null ? changedAt(value, at, to) : value;
}

const text = fc.oneof(
  { weight: 6, arbitrary: tampered },
  { weight: 2, arbitrary: mutated(fc.constant(JSON.stringify(WHOLE))) },
  fc.json({ maxDepth: 3 }),
  deepJson,
  hostileText,
);

/** The first record of a state, whatever has become of it; other text as it is. */
function recordIn(saved: string): string {
  const places = parseObject(saved)?.['places'];
  return Array.isArray(places) ? (JSON.stringify(places[0]) ?? '') : saved;
}

function expectOthersUntouched(disk: MemoryDisk): void {
  for (const [file, held] of Object.entries(OTHERS).filter(([file]) => file !== CONFIG))
    expect(disk.read(file)).toBe(held);
  expect(disk.read(CONFIG)).toContain(OTHERS[CONFIG]?.trimEnd());
}

describe('what was saved', () => {
  holds('a state of any sort: no more than its session goes', 5000, text, async (saved) => {
    const { disk } = await loggedIn();
    const failure = await failureOf(async () => {
      const state = parseSavedState(saved);
      if (state !== undefined) await cleanUp(runner, disk, state);
    });
    expect(['FILES_NOT_WRITABLE', 'PATH_UNSAFE', 'none']).toContain(failure?.code ?? 'none');
    expectOthersUntouched(disk);
  });

  const RECORD = '/home/x/.oci/sessions/P~a1/record.json';
  holds('a record on disk of any sort: no more than its session goes', 5000, text, async (saved) => {
    const { disk, state } = await loggedIn();
    disk.write(RECORD, Buffer.from(recordIn(saved)).toString('latin1'));
    const failure = await failureOf(() => cleanUp(runner, disk, state));
    expect(['FILES_NOT_WRITABLE', 'PATH_UNSAFE', 'none']).toContain(failure?.code ?? 'none');
    expectOthersUntouched(disk);
  });

  holds('a record is whole or none', 3000, text, (saved) => {
    const record = parseUndoRecord(recordIn(saved));
    if (record === undefined) return;
    const { place, directoriesCreated, keptSection, keptDirectory, replaces } = record;
    for (const value of [place.file, place.section, place.store, place.name, ...directoriesCreated])
      expect(typeof value).toBe('string');
    for (const value of [keptSection, keptDirectory, replaces])
      expect(value === null || typeof value === 'string').toBe(true);
  });
});
