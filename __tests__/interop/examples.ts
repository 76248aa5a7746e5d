// What each example needs of its users: a repository, variables, clouds; and what it must leave behind.
// Must not know how a workflow is run.
import type { WorldSettings } from '../../emulator/server/settings.ts';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import type { Workflow } from './act.ts';

export interface Example extends Omit<Workflow, 'own'> {
  remark: string;
  world?: Partial<WorldSettings>;
  /** Laid over the world as soon as the first login is through. */
  later?: Partial<WorldSettings>;
  /** Services that the action asks by their real names, through a proxy. */
  hosts?: EmulatorOptions['hosts'];
  /** Buckets that are there, with objects. */
  oci?: Record<string, Record<string, string>>;
  s3?: Record<string, Record<string, string>>;
  /** Objects by bucket, once all is over. */
  left?: Record<string, readonly string[]>;
  says?: RegExp;
  /** Whether a process must be there while it runs, which the run as a whole must not leave. */
  background?: boolean;
  /** Requests for a token to the identity domain. */
  logins: number;
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
    says: /acmenamespace/,
    logins: 1,
  },
  {
    file: 'oci-cli.yml',
    remark: 'what one job has built, the other uploads with the OCI CLI',
    repository: { 'site/index.html': 'hello' },
    oci: { site: {} },
    left: { site: ['site.tar.gz'] },
    logins: 1,
  },
  {
    file: 'oci-then-aws.yml',
    remark: 'an object from Object Storage to S3, with OCI CLI and AWS CLI',
    ...TO_AWS,
    oci: { reports: { 'daily.csv': 'a,b' } },
    s3: { [`acme-reports-${ACCOUNT}`]: {} },
    left: { reports: ['daily.csv'], [`acme-reports-${ACCOUNT}`]: ['eu-central-1/daily.csv'] },
    logins: 2,
  },
  {
    file: 'aws.yml',
    remark: '`aws s3 sync --delete`, without a session at OCI',
    ...TO_AWS,
    repository: { 'site/index.html': 'hello' },
    s3: { 'acme-site': { 'old.html': 'gone' } },
    left: { 'acme-site': ['index.html'] },
    logins: 1,
  },
  {
    file: 'profiles.yml',
    remark: 'two uses in one job, each with a profile of its own',
    oci: { site: { 'index.html': 'hello' }, audit: {} },
    left: { site: ['index.html'], audit: ['objects.json'] },
    logins: 2,
  },
  {
    file: 'long-jobs.yml',
    job: 'kept',
    event: 'schedule',
    remark: '`refresh: true`, and a step that goes on after the first token has ended',
    world: { upstLifetimeSeconds: 5 },
    later: { upstLifetimeSeconds: 3600 },
    background: true,
    repository: { 'back-up-everything.sh': '#!/bin/sh\noci os ns get && sleep 6 && oci os ns get\n' },
    says: /(acmenamespace[\s\S]*){2}Post /,
    logins: 2,
  },
  {
    file: 'long-jobs.yml',
    job: 'renewed',
    event: 'schedule',
    remark: 'a second use renews a session that will not last',
    world: { upstLifetimeSeconds: 600 },
    later: { upstLifetimeSeconds: 3600 },
    repository: { 'compute-for-hours.sh': '#!/bin/sh\ncp "$1" "$2"\n' },
    oci: { models: { 'input.bin': 'x' } },
    left: { models: ['input.bin', 'output.bin'] },
    logins: 2,
  },
  {
    file: 'rpst.yml',
    remark: 'a session without a user, in the OCI CLI',
    world: {
      trusts: [
        {
          subjectType: 'Resource',
          impersonatingResource: 'github-acme',
          claimValidations: [{ name: 'sub', value: IN_PROD }],
        },
      ],
    },
    says: new RegExp(`${IN_PROD} until .*Z\\n[\\s\\S]*acmenamespace`),
    logins: 1,
  },
  {
    file: 'sovereign.yml',
    remark: 'another realm, an audience of its own, the session verified in the region',
    world: {
      audience: 'https://acme.example/oci-sovereign',
      tenancy: `ocid1.tenancy.oc19..${'a'.repeat(60)}`,
    },
    hosts: {
      domain: 'idcs-0123456789abcdef.identity.oraclecloud.eu',
      oci: 'objectstorage.eu-frankfurt-2.oraclecloud.eu',
    },
    says: /acmenamespace/,
    logins: 1,
  },
  {
    file: 'doctor.yml',
    event: 'workflow_dispatch',
    remark: 'the doctor warns of the other profile in the home and of nothing else',
    says: /^(?![\s\S]*failure)(?![\s\S]*(mwarning[\s\S]*){2})[\s\S]*\| warning\n/,
    logins: 1,
  },
];
