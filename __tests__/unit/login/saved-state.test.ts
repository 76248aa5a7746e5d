// A state or record that no session of ours would have saved is none: by it nothing may be removed.
import { describe, expect, it } from '@jest/globals';
import { awsPlace } from '../../../src/aws/profile.ts';
import { parseSavedState, type SavedState } from '../../../src/login/saved-state.ts';
import { ociPlace } from '../../../src/profiles/oci-profile.ts';
import { parseUndoRecord, type UndoRecord } from '../../../src/profiles/section-target.ts';

const record: UndoRecord = {
  version: 1,
  loginId: 'a1',
  jobId: 'b2',
  request: 'c3',
  place: ociPlace('/home/x/.oci/config', 'P'),
  replaces: 'a0',
  keptSection: 'P~a1',
  keptDirectory: null,
  hasBegun: true,
  hasLeft: false,
  glue: '\n',
  fileCreated: false,
  directoriesCreated: ['/home/x/.oci'],
};
const state: SavedState = {
  version: 1,
  loginId: 'a1',
  places: [record],
  exported: { X: { digest: 'd', before: null, neverEmpty: false } },
  temporary: '/tmp/oci-wif-action-a1',
  refresher: { pid: 4711, loginId: 'a1', directory: '/tmp/oci-wif-action-a0' },
  cachedRole: { cache: '/home/x/.aws/cli/cache', assumedRoleArn: 'arn' },
  cleanup: true,
};

describe('a record', () => {
  it.each([
    ['of the OCI config', record],
    [
      'of an AWS config',
      { ...record, keptSection: null, place: awsPlace('config', '/home/x/.aws/config', 'p') },
    ],
  ])('%s is itself again', (_what, one) => {
    expect(parseUndoRecord(JSON.stringify(one))).toEqual(one);
  });

  const { place } = record;
  it.each<[string, unknown]>([
    ['a session that is no id', { loginId: '../a1' }],
    ['a request that is no digest', { request: '../c3' }],
    ['a kept section elsewhere', { keptSection: '../../x' }],
    ['a kept directory that is no text', { keptDirectory: {} }],
    ['nothing said of a kept section', { keptSection: undefined }],
    ['a line end that is none', { glue: 'x=1\n' }],
    ['a created directory that is no text', { directoriesCreated: [null] }],
    ['a directory elsewhere', { place: { ...place, directory: '/home/x' } }],
    ['a store elsewhere', { place: { ...place, store: '/home/x' } }],
    ['a name that leads elsewhere', { place: { ...place, name: '..', directory: '/home/x/.oci' } }],
    ['a relative file', { place: { ...place, file: 'config', store: 'sessions', directory: 'sessions/P' } }],
    ['no telltale and no null', { place: { ...place, telltale: undefined } }],
  ])('with %s is none', (_what, changes) => {
    expect(parseUndoRecord(JSON.stringify({ ...record, ...Object(changes) }))).toBeUndefined();
  });
});

describe('a state', () => {
  it('is itself again', () => {
    expect(parseSavedState(JSON.stringify(state))).toEqual(state);
  });

  it.each<[string, unknown]>([
    ['a temporary directory of another name', { temporary: '/home/x' }],
    ['a relative temporary directory', { temporary: 'oci-wif-action-a1' }],
    ['nothing said of a temporary directory', { temporary: undefined }],
    ['a variable without a digest', { exported: { X: null } }],
    ['no variables', { exported: null }],
    ['nothing said of a process', { refresher: undefined }],
    ['a group of processes', { refresher: { ...state.refresher, pid: -4711 } }],
    ['the first process', { refresher: { ...state.refresher, pid: 1 } }],
    ['a process of another session', { refresher: { ...state.refresher, loginId: 'a0' } }],
    ['a process elsewhere', { refresher: { ...state.refresher, directory: '/home/x' } }],
    ['a cached role without a cache', { cachedRole: {} }],
    ['a record that is none', { places: [{}] }],
  ])('with %s is none', (_what, changes) => {
    expect(parseSavedState(JSON.stringify({ ...state, ...Object(changes) }))).toBeUndefined();
  });
});
