// Carries out the commands of a fix on the objects of a test, as the services would.
import { spawnSync } from 'node:child_process';
import { USER_EXTENSION } from '../../../cli/domain/objects.ts';
import type { SoundState } from './sound.ts';

type Json = Record<string, unknown>;

/** @returns false when no command writes to the domain, to IAM or to AWS */
export function applyFix(fix: string, state: SoundState): boolean {
  const commands = argumentsOf(fix).filter(([program]) => program === 'oci' || program === 'aws');
  // A choice is between the first command and the others.
  const isChoice = fix.startsWith('# If it is needed');
  for (const args of isChoice ? commands.slice(0, 1) : commands) run(args, state);
  return commands.length > 0;
}

/** What a shell passes to each program. */
function argumentsOf(fix: string): string[][] {
  const record = (name: string) => `${name}() { printf '%s\\0' ${name} "$@"; printf '\\1\\0'; }`;
  const script = [...['oci', 'aws', 'gh', 'oci-wif'].map(record), fix].join('\n');
  const { stdout } = spawnSync('/bin/bash', ['--norc', '-euc', script], {
    encoding: 'utf8',
    env: { PATH: '' },
  });
  return stdout
    .split('\u0001\0')
    .filter((one) => one !== '')
    .map((one) => one.split('\0').slice(0, -1));
}

function run(args: readonly string[], state: SoundState): void {
  const option = (name: string) => args[args.indexOf(`--${name}`) + 1] ?? '';
  const json = (name: string) => JSON.parse(option(name));
  switch (args.slice(0, 3).join(' ')) {
    case 'oci iam policy':
      state.policy.statements = args.includes('update') ? json('statements') : [];
      return;
    case 'aws iam update-assume-role-policy':
      state.role.trustPolicy = json('policy-document');
      return;
    case 'aws iam delete-role':
      state.role.trustPolicy = { Statement: [] };
      return;
    case 'aws iam update-role':
      state.role.maxSessionDuration = Number(option('max-session-duration'));
      return;
    case 'aws iam detach-role-policy':
      state.attachments.set(state.role.name, []);
      return;
    case 'aws iam remove-client-id-from-open-id-connect-provider':
      state.provider.clientIds = state.provider.clientIds.filter((id) => id !== option('client-id'));
      return;
    case 'aws iam create-open-id-connect-provider':
      state.provider.arn = `arn:aws:iam::123456789012:oidc-provider/${option('url').slice('https://'.length)}`;
      return;
    default:
      scimRequest(args, option, state);
  }
}

function scimRequest(args: readonly string[], option: (name: string) => string, state: SoundState): void {
  if (args[1] !== 'raw-request') throw new Error(`unknown command ${args.join(' ')}`);
  const [, resource = '', id = ''] = /\/admin\/v1\/(\w+)\/(.+)$/.exec(option('target-uri')) ?? [];
  if (option('http-method') === 'DELETE') remove(resource, id, state);
  if (option('http-method') !== 'PATCH') return;
  const target = objectsOf(resource, state).find((one) => one['id'] === id);
  if (target === undefined) throw new Error(`no ${resource}/${id}`);
  for (const { op, path, value } of JSON.parse(option('request-body')).Operations) {
    const [, list, wanted] = /^(\w+)\[value eq "(.*)"\]$/.exec(path) ?? [];
    if (list !== undefined) {
      // The other side of the membership.
      state.user.groups = state.user.groups?.filter((group) => group.value !== id) ?? [];
      target[list] = (target[list] as { value: string }[]).filter((one) => one.value !== wanted);
    } else if (op === 'remove') delete target[path];
    else target[path] = value;
  }
  // The domain publishes what its settings say.
  if (resource === 'Settings') state.discovery = String(state.settings.issuer);
}

function objectsOf(resource: string, state: SoundState): Json[] {
  const all: Record<string, unknown> = {
    IdentityPropagationTrusts: state.trusts,
    Apps: state.apps,
    Groups: state.groups,
    DynamicResourceGroups: state.dynamicGroups,
    Settings: [state.settings],
  };
  return (all[resource] ?? []) as Json[];
}

function remove(resource: string, id: string, state: SoundState): void {
  const grant = state.grants.find((one) => one.id === id);
  state.users = state.users.filter((one) => !(resource === 'Users' && one.id === id));
  const isTrust = resource === 'IdentityPropagationTrusts';
  state.trusts = state.trusts.filter((one) => !(isTrust && one.id === id));
  state.apps = state.apps.filter((one) => !(resource === 'Apps' && one.id === id));
  for (const app of state.apps) if (grant?.grantee?.value === app.id) app.grantedAppRoles = [];
  if (grant?.grantee?.value === state.user.id) state.user[USER_EXTENSION] = { serviceUser: true };
  if (resource === 'ApiKeys')
    for (const key of Object.keys(state.user)) if (/userCredentials/.test(key)) delete state.user[key];
}
