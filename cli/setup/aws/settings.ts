// The settings of the whole domain that AWS depends on: the issuer of its tokens, and whether its keys are public.
import type { DomainSettings } from '../../domain/objects.ts';
import { readSettings } from '../../domain/reads.ts';
import type { PatchOperation } from '../../domain/scim.ts';
import { CommandError } from '../../failure.ts';
import type { Run, Step } from '../part.ts';
import type { Selection } from '../selection.ts';
import { keep, refuse, warn } from '../steps.ts';
import { type AwsSnapshot, ownIssuer } from './snapshot.ts';

const OBJECT = { system: 'domain', object: 'settings' } as const;

/** Every consumer of the domain is concerned: this needs its own flag, and the name of the domain typed. */
export function planSettings(snapshot: AwsSnapshot, { changeDomainSettings }: Selection): Step[] {
  const { settings, domainName, issuer } = snapshot;
  const object = { ...OBJECT, name: domainName };
  const changes = changesOf(settings, issuer);
  const advice =
    settings.accountAlwaysTrustScope === true
      ? [warn(object, '`Allow all resources` is on: every application may request tokens for AWS')]
      : [];
  if (changes.length === 0) return [keep(object, `issuer ${issuer}, signing keys public`), ...advice];
  const text = changes.map((change) => change.text).join('; ');
  if (!changeDomainSettings) {
    const advice =
      'this change concerns everybody who uses the domain; allow it with `--change-domain-settings`';
    const details = changes.map((change) => change.text);
    return [refuse(object, advice, details)];
  }
  return [
    {
      action: {
        ...object,
        op: 'change',
        text: changes[0]?.text ?? '',
        details: [...changes.slice(1).map((change) => change.text), 'for everybody who uses the domain'],
        before: membersOf(settings),
        after: Object.fromEntries(changes.map(({ path, value }) => [path, value])),
      },
      confirmation: {
        question: `This changes the domain ${domainName} for everybody who uses it: ${text}.`,
        expected: domainName,
      },
      apply: (run) => changeSettings(run, settings, issuer),
    },
    ...advice,
  ];
}

interface Change extends PatchOperation {
  path: 'issuer' | 'signingCertPublicAccess';
  text: string;
}

function changesOf(settings: DomainSettings, issuer: string): Change[] {
  const { issuer: current, prevIssuer, signingCertPublicAccess } = settings;
  const previous = prevIssuer === undefined ? '' : ` (before that ${prevIssuer}, which is then forgotten)`;
  const changes: Change[] = [];
  if (current !== issuer)
    changes.push({
      op: 'replace',
      path: 'issuer',
      value: issuer,
      text: `issuer ${current ?? 'unset'} → ${issuer}${previous}`,
    });
  if (signingCertPublicAccess !== true)
    changes.push({
      op: 'replace',
      path: 'signingCertPublicAccess',
      value: true,
      text: 'signing keys become public',
    });
  return changes;
}

const membersOf = ({ issuer, prevIssuer, signingCertPublicAccess }: DomainSettings) => ({
  issuer,
  prevIssuer,
  signingCertPublicAccess,
});

/** @throws CommandError CONFLICT when the settings are no longer those that were shown */
async function changeSettings(run: Run, planned: DomainSettings, issuer: string): Promise<void> {
  const { scim, report, saveCopy } = run;
  const now = await readSettings(scim);
  const isOwnNow = ownIssuer(now.issuer, scim.url) !== undefined;
  if (now.issuer !== planned.issuer && !(isOwnNow && now.issuer === issuer))
    throw new CommandError('CONFLICT', `The issuer of the domain was changed meanwhile, to ${now.issuer}.`);
  const changes = changesOf(now, issuer);
  if (changes.length === 0) return;
  saveCopy('settings', now);
  const operations = changes.map(({ op, path, value }) => ({ op, path, value }));
  await scim.patch('Settings', 'Settings', operations, now.meta?.version);
  report(`changed the settings of the domain: ${changes.map(({ text }) => text).join('; ')}`);
}
