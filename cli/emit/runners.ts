// Dynamic group and policy of the runners in Terraform. Pure functions.
import { Expression, inHcl } from '../../src/diagnosis/hcl.ts';
import { markFor, TAG } from '../setup/names.ts';
import { dynamicGroupBody } from '../setup/runners/dynamic-group.ts';
import { exchangeStatement, type RunnersSnapshot } from '../setup/runners/snapshot.ts';
import { type Selection, targetOf } from '../setup/selection.ts';
import type { Snapshot } from '../setup/snapshot.ts';
import { blocks, domainImport, ENDPOINT, importOf, resource } from './blocks.ts';
import { tagsIn } from './domain-objects.ts';
import type { TerraformPart } from './terraform.ts';

const GROUP = 'oci_identity_domains_dynamic_resource_group.runners';
const POLICY = 'oci_identity_policy.runners';

export function runnersTerraform(
  snapshot: Snapshot,
  selection: Selection,
  { policies, tenancy }: RunnersSnapshot,
): TerraformPart {
  const { domainUrl, repository, dynamicGroup: group } = snapshot;
  const { runners: name } = selection.names;
  const mark = markFor(repository.id, targetOf(selection));
  const { schemas, ...wanted } = dynamicGroupBody(selection, mark);
  const { displayName, description, matchingRule, tags } = { ...wanted, ...group };
  const policy = policies?.find((one) => one.name === name);
  const statements = [...new Set([...(policy?.statements ?? []), exchangeStatement(snapshot, selection)])];
  return {
    providers: {},
    sections: [
      [
        ...(group === undefined ? [] : domainImport(GROUP, domainUrl, 'dynamicResourceGroups', group.id)),
        ...resource(
          GROUP,
          {
            idcs_endpoint: ENDPOINT,
            schemas,
            display_name: displayName,
            description,
            matching_rule: matchingRule,
            attribute_sets: ['all'], // otherwise a read returns no matching rule
          },
          blocks({ tags }),
        ),
      ],
      policies === undefined
        ? ['# IAM was not read: it does not accept the bearer token. Add the policy of the runners yourself.']
        : [
            ...(policy === undefined ? [] : importOf(POLICY, policy.id)),
            ...resource(
              POLICY,
              {
                compartment_id: tenancy,
                name,
                description: policy?.description ?? 'GitHub Actions. Created by oci-wif.',
                freeform_tags: new Expression(tagsIn(policy?.freeformTags ?? { [TAG]: mark })),
                depends_on: [new Expression(GROUP)],
              },
              ['', '  statements = [', ...statements.map((one) => `    ${inHcl(one)},`), '  ]'],
            ),
          ],
    ],
  };
}
