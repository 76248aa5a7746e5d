// Config files of every sort on a disk in memory, and a session's way into them. Knows no property.
import fc from 'fast-check';
import { installSession } from '../../../src/login/install-session.ts';
import { undoSection } from '../../../src/profiles/remove.ts';
import type { UndoRecord } from '../../../src/profiles/section-target.ts';
import { Secret } from '../../../src/secret.ts';
import { fileWithSection, foreignFile, PROFILE } from '../../unit/profiles/arbitraries.ts';
import { type MemoryDisk, memoryDisk } from './memory-files.ts';

export const CONFIG = '/home/x/.oci/config';

interface Login {
  profile?: string;
  loginId?: string;
  jobId?: string;
  configFile?: string;
}

/** Installs a session that may replace anything, and returns how to undo it by the record that post would have. */
export async function install(disk: MemoryDisk, login: Login = {}): Promise<() => Promise<void>> {
  const { profile = PROFILE, loginId = 'a1', jobId = '0b', configFile = CONFIG } = login;
  let record: UndoRecord | undefined;
  await installSession(disk, {
    owner: { loginId, jobId },
    configFile,
    profile,
    overwriteProfile: true,
    tenancy: 'ocid1.tenancy.oc1..aaaa',
    region: 'eu-frankfurt-1',
    fingerprint: '00:11',
    privateKeyPem: new Secret(`key of ${loginId}\n`),
    token: new Secret(`token of ${loginId}`),
    save: (saved) => {
      record = JSON.parse(JSON.stringify(saved)) as UndoRecord;
    },
    warn: () => {},
  });
  return async () => {
    if (record !== undefined) await undoSection(disk, record);
  };
}

export const textOf = (disk: MemoryDisk) => disk.read(CONFIG) ?? '';
const owned = fileWithSection.map(({ before, section, after }) => before + section + after);
export const ownName = owned.filter((text) => !text.includes('\0'));
const bytes = fc.uint8Array({ maxLength: 120 }).map((content) => Buffer.from(content).toString('latin1'));
const scraps = fc.constantFrom(
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
const rubble = fc.array(scraps, { maxLength: 12 }).map((parts) => parts.join(''));
export const anyText = fc.oneof(foreignFile, ownName, bytes, rubble);
export const withFiles = fc.record({ text: fc.option(anyText), token: fc.option(fc.constant('theirs')) });

export function diskWith({ text, token }: { text: string | null; token: string | null }): MemoryDisk {
  return memoryDisk({
    '/home/x/.profile': 'x',
    ...(text === null ? {} : { [CONFIG]: text }),
    ...(token === null ? {} : { [`/home/x/.oci/sessions/${PROFILE}/token`]: token }),
  });
}
