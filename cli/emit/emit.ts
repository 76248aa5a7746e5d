// `--emit terraform`: reads what Terraform has to state, and writes the file.
import type { Part, SetupContext } from '../setup/part.ts';
import type { Snapshot } from '../setup/snapshot.ts';
import { subjectOf } from '../setup/subject.ts';
import { type TerraformPart, terraform } from './terraform.ts';

/** Sends no request that changes anything. @param snapshot one whose plan refuses nothing */
export async function emitTerraform(
  context: SetupContext,
  snapshot: Snapshot,
  parts: readonly Part[],
): Promise<string> {
  const { selection } = context;
  const more: TerraformPart[] = [];
  for (const part of parts) if (part.terraform) more.push(await part.terraform(context, snapshot));
  const subject = subjectOf(snapshot.repository, snapshot.customization, selection);
  // A subject that cannot be known is a refusal of the plan.
  const value = 'value' in subject ? subject.value : '';
  return terraform({ snapshot, selection, subject: value }, more).trimEnd();
}
