// Source: Kubernetes docs, "Managing Service Accounts" and "Configure Service Accounts for Pods" (projected volumes).
import type { SystemSpec } from './systems.ts';

export const KUBERNETES = {
  namespace: 'deploy',
  serviceAccount: 'oci-deployer',
  serviceAccountUid: '14ee3fa4-a7e2-420f-9f9a-dbc4507c3798',
  pod: 'deploy-7d9c5b-x2x9p',
  podUid: '49ad05a5-7b8c-4b62-a6a5-9d0a1d1b7f33',
} as const;

const SUBJECT = `system:serviceaccount:${KUBERNETES.namespace}:${KUBERNETES.serviceAccount}`;

export const kubernetes: SystemSpec = {
  issuerPath: () => '',
  keysPath: () => '/openid/v1/jwks',
  // `expirationSeconds` of the volume; the minimum is 600.
  lifetimeSeconds: 3600,
  notBeforeSeconds: 0,
  hasTokenId: true,
  hasType: false,
  claims: () => ({
    'kubernetes.io': {
      namespace: KUBERNETES.namespace,
      node: { name: 'worker-1', uid: '646e7c5e-32d6-4d42-9dbd-e504e6cbe6b1' },
      pod: { name: KUBERNETES.pod, uid: KUBERNETES.podUid },
      serviceaccount: { name: KUBERNETES.serviceAccount, uid: KUBERNETES.serviceAccountUid },
    },
    sub: SUBJECT,
  }),
  rule: () => SUBJECT,
};
