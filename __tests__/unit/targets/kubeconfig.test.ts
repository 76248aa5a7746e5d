import { describe, expect, it } from '@jest/globals';
import { contextNames, kubeconfigOf } from '../../../src/targets/kubeconfig.ts';

const CLUSTER = {
  id: 'ocid1.cluster.oc1.iad.aaaaaaaa1234567890',
  name: 'one',
  region: 'us-ashburn-1',
  api: 'api.example',
  tokenHost: 'token.example',
  server: new URL('https://10.0.0.1:6443'),
  certificateAuthorityData: 'Q0E=',
};

describe('contextNames', () => {
  it('have the region and the end of the OCID', () => {
    expect(contextNames([CLUSTER])).toEqual(['oke-us-ashburn-1-c1234567890']);
  });

  it('are the OCIDs when two clusters would have the same name', () => {
    const ids = ['ocid1.cluster.oc1.iad.aaaa1234567890', 'ocid1.cluster.oc1.iad.bbbb1234567890'];
    expect(contextNames(ids.map((id) => ({ id, region: 'us-ashburn-1' })))).toEqual(ids);
  });
});

describe('kubeconfigOf', () => {
  const files = { keyFile: '/s/key.pem', tokenFile: '/s/token' };
  const clusterOf = (server: URL | undefined, changes: Partial<typeof CLUSTER> = {}) => {
    const programs = { node: '/n/node', kubectlToken: ['/a/kubectl-token.js'], dockerCredential: [] };
    const text = kubeconfigOf([{ ...CLUSTER, ...changes }], programs, files, { server });
    const { clusters } = JSON.parse(text) as { clusters: { cluster: Record<string, string> }[] };
    return clusters[0]?.cluster;
  };

  it.each([
    [undefined, { server: 'https://10.0.0.1:6443' }],
    ['https://127.0.0.1:6443', { server: 'https://127.0.0.1:6443', 'tls-server-name': '10.0.0.1' }],
    ['https://10.0.0.1:7443', { server: 'https://10.0.0.1:7443' }],
  ])('lets `oke-server` %s replace the server, but not the name in its certificate', (server, expected) => {
    const cluster = clusterOf(server === undefined ? undefined : new URL(server));
    expect(cluster).toEqual({ ...expected, 'certificate-authority-data': 'Q0E=' });
  });

  it('writes the name of a server with an address of IPv6 without brackets', () => {
    const server = new URL('https://[fd00::1]:6443');
    expect(clusterOf(new URL('https://tunnel:1'), { server })).toMatchObject({
      'tls-server-name': 'fd00::1',
    });
  });
});
