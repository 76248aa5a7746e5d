// Valid and invalid values of each input, shared with the unit tests of the parsers.

import { INPUTS, type InputName } from '../../../src/inputs/schema.ts';
import { tables } from '../../unit/inputs/parser-cases.ts';

/** The parser table of an input. */
const TABLES: Partial<Record<InputName, string>> = {
  'domain-url': 'a domain URL',
  'client-id': 'a client id',
  'client-secret': 'a client secret',
  region: 'a region',
  tenancy: 'a tenancy',
  audience: 'an audience or a type of resource',
  'resource-type': 'an audience or a type of resource',
  profile: 'a profile',
  'config-file': 'a config file',
  'overwrite-profile': 'a boolean',
  'output-credentials': 'a boolean',
  'verify-endpoint': 'an endpoint',
  refresh: 'a refresh mode',
  cleanup: 'a boolean',
  'retry-max-attempts': 'a number from 1 to 20',
  'aws-region': 'a region',
  'aws-client-id': 'a client id',
  'aws-audience': 'an audience or a type of resource',
  'aws-sts-endpoint': 'an endpoint',
};

/** Inputs without a table, or of which only some values do not conflict with the others here. */
const OTHER_VALUES: Partial<Record<InputName, [right: string[], wrong: string[]]>> = {
  'token-type': [['upst'], ['UPST', 'RPST', 'toString']],
  'rpst-lifetime-seconds': [
    ['60', '43200'],
    ['59', '43201', '1h'],
  ],
  'minimum-lifetime-seconds': [
    ['1', '60'],
    ['0', '43201', '1e3'],
  ],
  'trust-rule': [
    ['sub eq repo:acme/infra:*', 'sub co repo:acme/infra\nref sw refs/heads/main', 'eq', 'sub eq "x"'],
    ['sub\teq x', 'sub eq x\n\u0007'],
  ],
  summary: [
    ['always', 'on-failure', 'never'],
    ['Always', 'true', 'on_failure', 'toString'],
  ],
  'export-for': [
    ['cli', 'none', 'cli,\ncli', 'kubectl', 'cli, kubectl', 'ocir'],
    ['none,cli', 'CLI', 'constructor'],
  ],
  'oke-cluster': [
    ['ocid1.cluster.oc1.iad.aaaa1', 'ocid1.cluster.oc19.eu-madrid-2.aaaa1'],
    ['ocid1.cluster.oc1..aaaa1', 'ocid1.cluster.oc99.iad.aaaa1', 'c4daylfgvrg'],
  ],
  'oke-endpoint': [
    ['public', 'private', 'vcn-hostname'],
    ['PUBLIC_ENDPOINT', 'constructor'],
  ],
  'oke-server': [
    ['https://127.0.0.1:6443', 'https://x.example'],
    ['http://127.0.0.1:6443', 'https://x/y'],
  ],
  'oke-merge': [
    ['true', 'False'],
    ['yes', '1'],
  ],
  'ocir-registries': [
    ['fra.ocir.io', 'ocir.eu-frankfurt-1.oci.oraclecloud.com,iad.ocir.io'],
    ['FRA.ocir.io', 'https://fra.ocir.io'],
  ],
  'ocir-login': [
    ['true', 'False'],
    ['yes', '1'],
  ],
  'request-timeout-seconds': [
    ['1', '300'],
    ['0', '301', '1.5'],
  ],
  'timeout-seconds': [
    ['1', '3600'],
    ['0', '3601', '-1'],
  ],
  'client-auth': [['secret'], ['Secret', 'none']], // the others exclude the inputs of a client
  verify: [['true'], ['yes', '1']], // required by `verify-endpoint`
  'aws-role-arn': [['arn:aws:iam::123456789012:role/deploy'], ['deploy', 'arn:aws:iam::1:role/x']],
  'aws-profile': [
    ['default', 'deploy', 'a.b@c-d_E'],
    ['DEFAULT', 'a b', '..'],
  ],
  'aws-region': [['eu-central-1'], ['eu', 'EU-CENTRAL-1']],
  'aws-token-source': [['client'], ['Client', 'none']],
  'aws-client-secret': [['x'], ['x\ny', 'x\0']],
  'aws-scope': [
    ['/', 'sts.amazon.com/', 'a b'],
    ['a  b', 'a"b', 'ä'],
  ],
  'aws-role-session-name': [
    ['a@b', 'ab'],
    ['a', 'a b'],
  ],
  'aws-role-duration-seconds': [
    ['900', '43200'],
    ['899', '43201', '1e3'],
  ],
  'aws-session-policy': [
    ['{"Version":"2012-10-17","Statement":[]}', '{ }'],
    ['[]', 'null', '{'],
  ],
  'aws-managed-session-policies': [['arn:aws:iam::aws:policy/ReadOnlyAccess'], ['ReadOnlyAccess']],
  'aws-allowed-account-ids': [
    ['123456789012', '123456789012,000000000000'],
    ['1', ',', '12345678901x'],
  ],
  'aws-export-environment': [
    ['true', 'True'],
    ['yes', '1'],
  ],
  'aws-credential-source': [['session'], ['SESSION', 'env']],
};

/** Values as the runner passes them: trimmed, and not empty. */
function valuesOf(name: InputName, which: 'right' | 'wrong'): string[] {
  const [, , right = [], wrong = []] = tables.find(([title]) => title === TABLES[name]) ?? [];
  const [otherRight, otherWrong] = OTHER_VALUES[name] ?? [right.map(([raw]) => raw), wrong];
  const values = which === 'right' ? otherRight : otherWrong;
  const usable = values.filter((raw) => raw !== '' && raw.trim() === raw);
  if (usable.length === 0) throw new Error(`no value of ${name} is ${which}`);
  return usable;
}

function allOf(which: 'right' | 'wrong'): Readonly<Record<InputName, string[]>> {
  const names = Object.keys(INPUTS) as InputName[];
  const entries = names.map((name) => [name, valuesOf(name, which)] as const);
  return Object.fromEntries(entries) as Record<InputName, string[]>;
}

export const RIGHT = allOf('right');
export const WRONG = allOf('wrong');
