// Generated config files on a disk in memory, and logins to them.
import fc from 'fast-check';
import { installSession } from '../../../src/login/install.ts';
import { newSavedState, type SavedState, saveInstalled } from '../../../src/login/saved-state.ts';
import { removeSection } from '../../../src/profiles/remove.ts';
import { deleteSession } from '../../../src/profiles/secrets.ts';
import { fileWithSection, foreignFile, PROFILE } from '../../unit/profiles/arbitraries.ts';
import { newKeyPair, sessionTokenOf } from '../../unit/profiles/home.ts';
import { type MemoryDisk, memoryDisk } from './memory-files.ts';

export const CONFIG = '/home/x/.oci/config';

interface Login {
  profile?: string;
  loginId?: string;
  jobId?: string;
  configFile?: string;
}

/** Reused, because no property depends on the key. */
const keyPairs = Array.from({ length: 8 }, newKeyPair);
let logins = 0;

/** Installs a session with `overwrite-profile`. @returns the state for the post step */
export async function installed(disk: MemoryDisk, login: Login = {}): Promise<SavedState> {
  const { profile = PROFILE, loginId = 'a1', jobId = '0b', configFile = CONFIG } = login;
  const state = newSavedState(loginId, null);
  const deps = {
    disk,
    owner: { loginId, jobId },
    runnerProcesses: { parent: () => null, stateOf: () => 'gone' as const },
    warn: () => {},
    save: (one: SavedState['installed'][number]) => saveInstalled({ saveState: () => {} }, state, one),
  };
  logins += 1;
  const keyPair = keyPairs[logins % keyPairs.length] ?? newKeyPair();
  const sessionToken = sessionTokenOf(loginId, 1);
  const config = { configFile, profile, overwriteProfile: true, region: 'eu-frankfurt-1' };
  await installSession(deps, config, { sessionToken, keyPair });
  return state;
}

/** Installs a session. @returns a function that removes it as the post step does */
export async function install(disk: MemoryDisk, login: Login = {}): Promise<() => Promise<void>> {
  const state = await installed(disk, login);
  return async () => {
    for (const one of state.installed) {
      deleteSession(disk.files, one);
      await removeSection(disk, state.loginId, one);
    }
  };
}

export const textOf = (disk: MemoryDisk) => disk.read(CONFIG) ?? '';
const owned = fileWithSection.map(({ before, section, after }) => before + section + after);
export const ownName = owned.filter((text) => !text.includes('\0'));
const bytes = fc.uint8Array({ maxLength: 120 }).map((content) => Buffer.from(content).toString('latin1'));
const tokens = fc.constantFrom(
  '[',
  ']',
  '\n',
  '\r\n',
  '\r',
  '[P]',
  '[ P ]',
  '["P"]',
  'x=1',
  '#',
  ';',
  ' ',
  '\xff',
);
const malformed = fc.array(tokens, { maxLength: 12 }).map((parts) => parts.join(''));
export const anyText = fc.oneof(foreignFile, ownName, bytes, malformed);
export const withFiles = fc.record({ text: fc.option(anyText), token: fc.option(fc.constant('theirs')) });

export function diskWith({ text, token }: { text: string | null; token: string | null }): MemoryDisk {
  return memoryDisk({
    '/home/x/.profile': 'x',
    ...(text === null ? {} : { [CONFIG]: text }),
    ...(token === null ? {} : { [`/home/x/.oci/sessions/${PROFILE}/token`]: token }),
  });
}
