// The dynamic group of the runners: its members are the instances that its matching rule names.
import { DYNAMIC_GROUP_ATTRIBUTES } from '../../domain/attributes.ts';
import type { DynamicGroup } from '../../domain/objects.ts';
import { quoted, type Scim } from '../../domain/scim.ts';
import { isMark, markFor, markOf, TAG } from '../names.ts';
import type { Step } from '../part.ts';
import { type Selection, targetOf } from '../selection.ts';
import type { Snapshot } from '../snapshot.ts';
import { keep, refuse, warn } from '../steps.ts';

const SCHEMA = 'urn:ietf:params:scim:schemas:oracle:idcs:DynamicResourceGroup';

/** @see "Writing Matching Rules to Define Dynamic Groups" (OCI documentation) */
export function matchingRuleFor(ocids: readonly string[]): string {
  const conditions = ocids.map((ocid) => {
    const variable = ocid.startsWith('ocid1.instance.') ? 'instance.id' : 'instance.compartment.id';
    return `${variable} = '${ocid}'`;
  });
  return `Any {${conditions.join(', ')}}`;
}

const normalized = (rule: string) => rule.replace(/\s+/g, '').toLowerCase();

export const isSameRule = (one: string | undefined, other: string) =>
  one !== undefined && normalized(one) === normalized(other);

export async function readDynamicGroup(scim: Scim, name: string): Promise<DynamicGroup | undefined> {
  const filter = `displayName eq ${quoted(name)}`;
  const found = await scim.list('DynamicResourceGroups', { filter, attributes: DYNAMIC_GROUP_ATTRIBUTES });
  return found.find(({ displayName }) => displayName?.toLowerCase() === name.toLowerCase());
}

/** Body of `POST /admin/v1/DynamicResourceGroups`. */
export function dynamicGroupBody({ names, runners }: Selection, mark: string) {
  return {
    schemas: [SCHEMA],
    displayName: names.runners,
    description: 'Runners that may call the token exchange. Created by oci-wif.',
    matchingRule: matchingRuleFor(runners),
    tags: [{ key: TAG, value: mark }],
  };
}

/** A group that exists is never changed: its statements would then apply to other instances. */
export function planDynamicGroup({ dynamicGroup: group, repository }: Snapshot, selection: Selection): Step {
  const { names, runners } = selection;
  const mark = markFor(repository.id, targetOf(selection));
  const object = { system: 'domain', object: 'runners', name: names.runners } as const;
  const rule = matchingRuleFor(runners);
  if (group === undefined)
    return {
      action: { ...object, op: 'create', text: `dynamic group  ${rule}` },
      apply: async ({ scim, report }) => {
        await scim.create('DynamicResourceGroups', dynamicGroupBody(selection, mark));
        report(`created dynamic group ${names.runners}`);
      },
    };
  const owner = markOf(group);
  if (isMark(owner) && owner !== mark)
    return refuse(object, `belongs to ${owner}; choose another name with \`--name\``);
  if (group.matchingRule === undefined)
    return warn(object, `was returned without its rule; compare it with ${rule}`);
  if (isSameRule(group.matchingRule, rule)) return keep(object, rule);
  return refuse(
    object,
    `has the rule ${group.matchingRule}; change it yourself, or choose another \`--name\``,
  );
}
