// Creates the trust, or appends to it. A trust is shared by all repositories: nothing of others may be lost.

import { type TrustedJob, trustFor } from '../../src/diagnosis/trust-template.ts';
import type { IdentityPropagationTrust } from '../domain/objects.ts';
import { readTrust } from '../domain/reads.ts';
import type { PatchOperation, Scim } from '../domain/scim.ts';
import { CommandError } from '../failure.ts';
import { readTrustFor } from './inspect.ts';
import type { Run } from './part.ts';
import {
  additions,
  damagedLists,
  LIST_NAMES,
  missingIn,
  replacements,
  restorations,
  type TrustLists,
  type Wanted,
} from './trust-change.ts';
import { isReferenceError, whileStale } from './until-known.ts';

/** @param description of the trust, if any */
export async function createTrust(
  run: Run,
  job: TrustedJob,
  userId?: string,
  description?: string,
): Promise<void> {
  const body = { ...trustFor(job, userId), ...(description !== undefined && { description }) };
  const create = () => run.scim.create('IdentityPropagationTrusts', body);
  await run.untilKnown(create).catch((error: unknown) => {
    throw error instanceof CommandError && isDuplicate(error) ? createdByOthers(error) : error;
  });
  const callers = job.clientId === undefined ? 'no client' : '1 client';
  run.report(
    `created the trust with 1 ${job.resourceType === undefined ? 'rule' : 'subject'}, ${callers} and 1 audience`,
  );
}

/** It is unknown whether the status is 400 or 409. The text is known. */
const isDuplicate = ({ details: { status, serviceText = '' } }: CommandError) =>
  status === 409 || /same issuer already exists/i.test(serviceText);

const createdByOthers = ({ details, message }: CommandError) =>
  new CommandError('CONFLICT', message, {
    ...details,
    remedy: 'Somebody else has just created the trust. Run the command again: it appends to that one.',
  });

/**
 * Appends the rule, the client and the audience, each only if it is missing, and reads the trust back.
 * @param check throws when the trust, as it is now, must not be changed
 * @throws CommandError TRUST_DAMAGED when the domain lost entries of others, after they were written back
 */
export async function appendToTrust(
  run: Run,
  wanted: Wanted,
  check: (trust: IdentityPropagationTrust) => void,
): Promise<void> {
  const { scim, selection, report, saveCopy } = run;
  await whileStale(async () => {
    const before = await readTrustFor(scim, selection.issuer);
    if (before === undefined) throw changedByOthers('The trust was deleted by somebody else.');
    check(before);
    if (additions(before, wanted).length === 0) return;
    const copy = saveCopy('trust', before);
    await patch(run, before, wanted);
    await confirm(run, before, wanted, copy);
    report('appended to the trust; everything that was there is still there');
  });
}

async function patch(run: Run, before: IdentityPropagationTrust, wanted: Wanted): Promise<void> {
  const send = (operations: readonly PatchOperation[]) =>
    run.untilKnown(() =>
      run.scim.patch('IdentityPropagationTrusts', before.id, operations, before.meta?.version),
    );
  try {
    await send(additions(before, wanted));
  } catch (error) {
    if (!isUnsupported(error)) throw error;
    const whole = replacements(before, wanted);
    if ('unknown' in whole) throw unknownLists(whole.unknown, error);
    // Without a version, what somebody else adds meanwhile would be replaced, too.
    if (before.meta?.version === undefined) throw unknownLists(['meta.version'], error);
    await send(whole.operations);
  }
}

/** RFC 7644 has `add`, but public sources show only `replace` for trusts. */
const isUnsupported = (error: unknown): error is CommandError =>
  error instanceof CommandError &&
  (error.details.status === 400 || error.details.status === 501) &&
  !isReferenceError(error);

function unknownLists(names: readonly string[], cause: CommandError): CommandError {
  const message = `The domain refuses to add to the trust, and did not return its ${names.join(' and ')}. Replacing its lists could remove entries of others.`;
  return new CommandError('SERVICE_REFUSED', message, {
    ...cause.details,
    remedy: 'Use an account that can read the whole trust.',
  });
}

const changedByOthers = (message: string) =>
  new CommandError('SERVICE_REFUSED', message, { remedy: 'Run the command again.' });

/** Reads the trust back. If `add` replaced the list, no other repository could log in any more. */
async function confirm(
  run: Run,
  before: IdentityPropagationTrust,
  wanted: Wanted,
  copy: string,
): Promise<void> {
  const after = await readTrust(run.scim, before.id);
  if (after === undefined) throw changedByOthers('The trust was deleted by somebody else.');
  await assertKept(run, before, after, copy);
  const missing = missingIn(after, wanted);
  // A list that is not returned cannot be compared.
  if (LIST_NAMES.some((name) => after[name] !== undefined && missing[name].length > 0))
    throw changedByOthers('The domain accepted the change of the trust, but did not make it.');
}

/**
 * @param expected what must be in the lists, in this order
 * @throws CommandError TRUST_DAMAGED when it is not, after it was written back
 */
export async function assertKept(
  { scim, report }: Run,
  expected: TrustLists,
  after: IdentityPropagationTrust,
  copy: string,
): Promise<void> {
  const damaged = damagedLists(expected, after);
  if (damaged.length === 0) return;
  report(`the domain lost entries of ${damaged.join(', ')}; writing them back`);
  const result = await restore(scim, expected, after);
  const what = 'The domain lost entries of the trust when it was changed';
  if (
    !(result instanceof CommandError) &&
    result !== undefined &&
    damagedLists(expected, result).length === 0
  )
    throw new CommandError('TRUST_DAMAGED', `${what}. All of them were written back.`, {
      remedy: 'Run the command again: it compares everything.',
    });
  const reason = result instanceof CommandError ? result : undefined;
  const message = `${what}, and writing them back failed.${reason === undefined ? '' : ` ${reason.message}`}`;
  const remedy = `Write it back from ${copy}.`;
  throw new CommandError('TRUST_DAMAGED', message, { ...reason?.details, remedy });
}

/**
 * Writes one list at a time: an entry may name a deleted object, and then the domain refuses the whole PATCH.
 * @returns the trust after the attempt, or why it failed
 */
async function restore(
  scim: Scim,
  expected: TrustLists,
  after: IdentityPropagationTrust,
): Promise<IdentityPropagationTrust | CommandError | undefined> {
  let failure: CommandError | undefined;
  let now: IdentityPropagationTrust | undefined = after;
  for (const operation of restorations(expected, after)) {
    try {
      await scim.patch('IdentityPropagationTrusts', after.id, [operation], now?.meta?.version);
      now = await readTrust(scim, after.id);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failure = error;
    }
  }
  return failure ?? now;
}
