// What each example needs: a repository, variables, settings of the emulator; and what it must result in.
import type { WorldSettings } from '../../emulator/server/settings.ts';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import type { Workflow } from './act.ts';
import { LONG_NAME, REGISTRY } from './registry.ts';

export interface Example extends Omit<Workflow, 'own'> {
  remark: string;
  world?: Partial<WorldSettings>;
  /** Settings that change after the first login. */
  later?: Partial<WorldSettings>;
  /** Services that the action reaches under their real names, through a proxy. */
  hosts?: EmulatorOptions['hosts'];
  /** Whether there is a registry behind the emulated one. */
  registry?: boolean;
  /** Existing buckets with their objects. */
  oci?: Record<string, Record<string, string>>;
  s3?: Record<string, Record<string, string>>;
  /** Objects by bucket after the run. */
  objectsAfter?: Record<string, readonly string[]>;
  /** What the log contains. */
  logPattern?: RegExp;
  /** Whether the refresher must run during the job. */
  refreshes?: boolean;
  /** Token requests that the identity domain grants. */
  logins: number;
  /** Those that it must refuse: the doctor asks once with a token for another audience. */
  refusals?: number;
}

export const ACCOUNT = '123456789012';
const IN_PROD = 'repo:acme/infra:environment:prod';
const FOR_AWS = { awsClientId: 'for-aws', awsClientSecret: 'idcscs-for-aws-alone' };
const TO_AWS = {
  world: { ...FOR_AWS, awsRegion: 'eu-central-1' },
  hosts: { sts: 'sts.eu-central-1.amazonaws.com' },
  vars: { AWS_ROLE: `arn:aws:iam::${ACCOUNT}:role/deploy`, OCI_AWS_CLIENT_ID: FOR_AWS.awsClientId },
  secrets: { OCI_AWS_CLIENT_SECRET: FOR_AWS.awsClientSecret },
};

export const EXAMPLES: readonly Example[] = [
  {
    file: 'smallest.yml',
    event: 'workflow_dispatch',
    remark: 'login, then the OCI CLI',
    logPattern: /acmenamespace/,
    logins: 1,
  },
  {
    file: 'oci-cli.yml',
    remark: 'one job builds, the other uploads with the OCI CLI',
    repository: { 'site/index.html': 'hello' },
    oci: { site: {} },
    objectsAfter: { site: ['site.tar.gz'] },
    logins: 1,
  },
  {
    file: 'oci-then-aws.yml',
    remark: 'an object from Object Storage to S3, with OCI CLI and AWS CLI',
    ...TO_AWS,
    oci: { reports: { 'daily.csv': 'a,b' } },
    s3: { [`acme-reports-${ACCOUNT}`]: {} },
    objectsAfter: { reports: ['daily.csv'], [`acme-reports-${ACCOUNT}`]: ['eu-central-1/daily.csv'] },
    logins: 2,
  },
  {
    file: 'aws.yml',
    remark: '`aws s3 sync --delete`, without an OCI session',
    ...TO_AWS,
    repository: { 'site/index.html': 'hello' },
    s3: { 'acme-site': { 'old.html': 'gone' } },
    objectsAfter: { 'acme-site': ['index.html'] },
    logins: 1,
  },
  {
    file: 'profiles.yml',
    remark: 'two logins in one job, each with its own profile',
    oci: { site: { 'index.html': 'hello' }, audit: {} },
    objectsAfter: { site: ['index.html'], audit: ['objects.json'] },
    logins: 2,
  },
  {
    file: 'long-jobs.yml',
    job: 'kept',
    event: 'schedule',
    remark: '`refresh: true`, and a step that continues after the first token has expired',
    world: { upstLifetimeSeconds: 5 },
    later: { upstLifetimeSeconds: 3600 },
    refreshes: true,
    repository: { 'back-up-everything.sh': '#!/bin/sh\noci os ns get && sleep 6 && oci os ns get\n' },
    logPattern: /(acmenamespace[\s\S]*){2}Post /,
    logins: 2,
  },
  {
    file: 'long-jobs.yml',
    job: 'renewed',
    event: 'schedule',
    remark: 'a repeated login renews a session that ends too soon',
    world: { upstLifetimeSeconds: 600 },
    later: { upstLifetimeSeconds: 3600 },
    repository: { 'compute-for-hours.sh': '#!/bin/sh\ncp "$1" "$2"\n' },
    oci: { models: { 'input.bin': 'x' } },
    objectsAfter: { models: ['input.bin', 'output.bin'] },
    logins: 2,
  },
  {
    file: 'rpst.yml',
    remark: 'a resource session, in the OCI CLI',
    world: {
      trusts: [
        {
          subjectType: 'Resource',
          impersonatingResource: 'github-acme',
          claimValidations: [{ name: 'sub', value: IN_PROD }],
        },
      ],
    },
    logPattern: new RegExp(`${IN_PROD} until .*Z\\n[\\s\\S]*acmenamespace`),
    logins: 1,
  },
  {
    file: 'sovereign.yml',
    remark: 'another realm and audience, and a verified session',
    world: {
      audience: 'https://acme.example/oci-sovereign',
      tenancy: `ocid1.tenancy.oc19..${'a'.repeat(60)}`,
    },
    hosts: {
      domain: 'idcs-0123456789abcdef.identity.oraclecloud.eu',
      oci: 'objectstorage.eu-frankfurt-2.oraclecloud.eu',
    },
    logPattern: /acmenamespace/,
    logins: 1,
  },
  {
    file: 'ocir.yml',
    remark: 'one job builds an image, the other pushes it',
    repository: { Dockerfile: 'FROM scratch\n' },
    hosts: { ocir: [REGISTRY, LONG_NAME] },
    registry: true,
    vars: { OCIR_IMAGE: `${REGISTRY}/acmenamespace/shop` },
    logPattern: /iad\.ocir\.io\/acmenamespace\/shop@sha256:/,
    logins: 1,
  },
  {
    file: 'doctor.yml',
    event: 'workflow_dispatch',
    remark: 'the doctor warns only of the other profile in the home directory',
    logPattern: /^(?![\s\S]*failure)(?![\s\S]*(mwarning[\s\S]*){2})[\s\S]*\| warning\n/,
    logins: 1,
    refusals: 1,
  },
];
