import { describe, expect, it } from '@jest/globals';
import { clusters, server } from '../../../src/inputs/oke-parsers.ts';
import { InputError } from '../../../src/inputs/parsers.ts';

describe('clusters', () => {
  it.each([
    ['ocid1.cluster.oc1.iad.aaaa1', 'us-ashburn-1', 'oraclecloud.com'],
    ['ocid1.cluster.oc1.phx.aaaa1', 'us-phoenix-1', 'oraclecloud.com'],
    ['ocid1.cluster.oc1.eu-frankfurt-1.aaaa1', 'eu-frankfurt-1', 'oraclecloud.com'],
    ['ocid1.cluster.oc19.eu-madrid-2.aaaa1', 'eu-madrid-2', 'oraclecloud.eu'],
    ['ocid1.cluster.oc2.us-langley-1.future.aaaa1', 'us-langley-1', 'oraclegovcloud.com'],
    ['ocid1.cluster.oc1.xyz.aaaa1', undefined, 'oraclecloud.com'],
  ])('reads region and realm of %s', (id, region, realmDomain) => {
    expect(clusters(id)).toEqual([{ id, region, realmDomain }]);
  });

  it('reads a list, and each cluster once', () => {
    const [a, b] = ['ocid1.cluster.oc1.iad.aaaa1', 'ocid1.cluster.oc1.iad.aaaa2'];
    expect(clusters(`${a}, ${b}\n${a}\n`).map(({ id }) => id)).toEqual([a, b]);
  });

  it.each([
    ',',
    'c4daylfgvrg',
    'ocid1.cluster.oc1..aaaa1',
    'ocid1.nodepool.oc1.iad.aaaa1',
    'ocid1.cluster.oc1.iad.aaaa1/../x',
    'ocid1.cluster.oc1.iad.AAAA',
    'ocid1.cluster.oc1.iad.aaaa1 ocid1.cluster.oc1.iad.aaaa2',
    'ocid1.cluster.oc99.iad.aaaa1',
  ])('rejects %j', (raw) => {
    expect(() => clusters(raw)).toThrow(InputError);
  });
});

describe('server', () => {
  it('reads an origin', () => {
    expect(server('https://127.0.0.1:6443/').origin).toBe('https://127.0.0.1:6443');
  });

  it.each(['127.0.0.1:6443', 'http://127.0.0.1:6443', 'https://x/path', 'https://x?y', 'https://a:b@x'])(
    'rejects %j',
    (raw) => {
      expect(() => server(raw)).toThrow(InputError);
    },
  );
});
