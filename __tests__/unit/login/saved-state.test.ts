// Only a state that a login could have saved is used: files are removed by it.
import { describe, expect, it } from '@jest/globals';
import { parseSavedState, type SavedState } from '../../../src/login/saved-state.ts';
import { ociTarget } from '../../../src/profiles/oci-profile.ts';

const session = {
  ...ociTarget('/home/x/.oci/config', 'P'),
  keyDigest: 'c3',
  settingsDigest: 'd4',
  createdDirectories: ['/home/x/.oci', '/home/x/.oci/sessions'],
};
const role = {
  file: '/home/x/.aws/config',
  section: 'profile p',
  directory: null,
  keyDigest: null,
  settingsDigest: 'd5',
  createdDirectories: [],
};
const registry = {
  file: '/home/x/.docker/config.json',
  section: 'fra.ocir.io',
  member: 'credHelpers' as const,
  directory: null,
  keyDigest: null,
  settingsDigest: 'd6',
  createdDirectories: [],
};
const state: SavedState = {
  loginId: 'a1',
  installed: [session, role, registry],
  exported: { X: { digest: 'd', before: null } },
  temporary: '/tmp/oci-wif-action-a1',
  refresher: { pid: 4711, loginId: 'a1', directory: '/tmp/oci-wif-action-a0' },
  cachedRole: { cache: '/home/x/.aws/cli/cache', assumedRoleArn: 'arn' },
  cleanup: true,
};

describe('parseSavedState', () => {
  it('returns what was saved', () => {
    expect(parseSavedState(JSON.stringify(state))).toEqual(state);
  });

  it.each<[string, unknown]>([
    ['a temporary directory of another name', { temporary: '/home/x' }],
    ['a relative temporary directory', { temporary: 'oci-wif-action-a1' }],
    ['nothing said of a temporary directory', { temporary: undefined }],
    ['a cached role without a cache', { cachedRole: {} }],
    ['an installed section without a file', { installed: [{}] }],
    ['a session directory elsewhere', { installed: [{ ...session, directory: '/home/x' }] }],
    [
      'a section that leads elsewhere',
      { installed: [{ ...session, section: '..', directory: '/home/x/.oci' }] },
    ],
    ['another object of a file', { installed: [{ ...registry, member: 'plugins' }] }],
    ['a directory of an entry', { installed: [{ ...registry, directory: '/home/x/.docker' }] }],
    ['a relative file', { installed: [{ ...session, file: 'config', directory: 'sessions/P' }] }],
    ['nothing said of a key', { installed: [{ ...session, keyDigest: undefined }] }],
    ['nothing said of settings', { installed: [{ ...session, settingsDigest: undefined }] }],
    ['a created directory that is no text', { installed: [{ ...session, createdDirectories: [null] }] }],
    ['a relative created directory', { installed: [{ ...session, createdDirectories: ['.oci'] }] }],
  ])('returns undefined for a state with %s', (_what, changes) => {
    expect(parseSavedState(JSON.stringify({ ...state, ...Object(changes) }))).toBeUndefined();
  });
});
