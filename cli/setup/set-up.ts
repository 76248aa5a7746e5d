// One run of `setup`: reads, plans, shows, applies, reads again.
import type { CommandContext } from '../command.ts';
import { emitTerraform } from '../emit/emit.ts';
import { plain } from '../terminal.ts';
import { applySteps, withJournal } from './apply.ts';
import { checksOf } from './checks.ts';
import { type SetupOptions, writePlan } from './command.ts';
import { findDomain } from './domain-url.ts';
import { inspect } from './inspect.ts';
import type { Check, Part, SetupContext, Step } from './part.ts';
import { partsFor } from './parts.ts';
import { planHeader, planSetup } from './plan.ts';
import { changesOf, planText, planTotals, refusalsOf } from './plan-text.ts';
import type { Plan } from './plan-types.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { workflowSnippet } from './snippet.ts';

const EXIT = { done: 0, planned: 2, refused: 3, partly: 4 } as const;

/** @param expected the plan that was reviewed. @returns the exit code */
export async function setUp(
  command: CommandContext,
  options: SetupOptions,
  selection: Selection,
  expected: Plan | undefined,
): Promise<number> {
  const { terminal } = command;
  const parts = await partsFor(options, selection, command);
  const context = await contextOf(command, options, selection);
  const snapshot = await inspect(context);
  const steps = await planAll(context, snapshot, parts);
  const plan: Plan = {
    version: 1,
    header: planHeader(snapshot, selection),
    actions: steps.map(({ action }) => action),
  };
  if (options.out !== undefined) writePlan(options.out, plan, command);
  if (options.emit !== undefined && refusalsOf(plan).length === 0) {
    terminal.print(await emitTerraform(context, snapshot, parts));
    return EXIT.done;
  }
  const stop = reasonToStop(plan, expected, options);
  if (!options.json) terminal.print(planText(plan, terminal.style));
  else if (stop !== undefined) terminal.printJson(plan);
  if (stop !== undefined) {
    terminal.progress(stop.text);
    return stop.exitCode;
  }
  const made = {
    ...(snapshot.app && { appId: snapshot.app.id, clientId: snapshot.app.name ?? '' }),
    ...(snapshot.user && { userId: snapshot.user.id }),
    ...(snapshot.group && { groupId: snapshot.group.id, groupName: snapshot.group.displayName ?? '' }),
  };
  const name = `${selection.repository}-${targetOf(selection)}`;
  const journal = await applySteps(command, { steps, context, made, yes: options.yes, name });
  if (journal === undefined) {
    terminal.progress('Not confirmed. Nothing was changed.');
    return EXIT.refused;
  }
  const checks = await verify(command, context, parts).catch((error: unknown) => {
    throw withJournal(error, journal, 'The plan is applied, but could not be checked.');
  });
  if (options.json) terminal.printJson({ ...plan, journal: journal.directory, checks });
  else showResult(command, checks, snippetOf(selection, parts));
  terminal.progress(`Journal: ${journal.directory}`);
  return checks.some(({ verdict }) => verdict === 'failure') ? EXIT.partly : EXIT.done;
}

export async function contextOf(
  { clients }: CommandContext,
  options: { 'domain-url': string | undefined },
  selection: Selection,
): Promise<SetupContext> {
  const url = await findDomain(options['domain-url'], clients);
  const { reachesIam, region } = await clients.oci();
  return {
    scim: await clients.scim(url),
    iam: reachesIam ? await clients.iam() : undefined,
    github: await clients.github(selection.repository),
    profileRegion: region,
    selection,
  };
}

async function planAll(context: SetupContext, snapshot: Snapshot, parts: readonly Part[]): Promise<Step[]> {
  const steps = planSetup(snapshot, context.selection);
  for (const part of parts) steps.push(...(await part.plan(context, snapshot)));
  return steps;
}

interface Stop {
  text: string;
  exitCode: number;
}

/** Why nothing is applied. */
function reasonToStop(plan: Plan, expected: Plan | undefined, { apply }: SetupOptions): Stop | undefined {
  const totals = `Plan: ${planTotals(plan)}.`;
  const nothing = 'Nothing was changed.';
  if (refusalsOf(plan).length > 0)
    return { text: `${totals} ${nothing} Lines with x say what to do.`, exitCode: EXIT.refused };
  if (expected !== undefined && JSON.stringify(expected.actions) !== JSON.stringify(plan.actions))
    return {
      text: `The plan differs from the one in \`--plan\`. ${nothing} Write it again with \`--out\`, and review it.`,
      exitCode: EXIT.refused,
    };
  if (changesOf(plan).length === 0) return { text: `${totals} ${nothing}`, exitCode: EXIT.done };
  if (!apply) return { text: `${totals} ${nothing} Apply with --apply.`, exitCode: EXIT.planned };
  return undefined;
}

/** Waits in milliseconds: a search may find a new object late. */
const WAITS = [2000, 4000, 8000, 16_000];

/** Reads everything again until no check fails. */
async function verify(
  { terminal, clock }: CommandContext,
  context: SetupContext,
  parts: readonly Part[],
): Promise<Check[]> {
  for (const wait of [...WAITS, undefined]) {
    const checks = await checkAll(context, parts);
    const failed = checks.filter(({ verdict }) => verdict === 'failure').map(({ name }) => name);
    if (failed.length === 0 || wait === undefined) return checks;
    terminal.progress(`not as applied yet: ${failed.join(', ')}; reading again in ${wait / 1000} s`);
    await clock.sleep(wait);
  }
  return [];
}

async function checkAll(context: SetupContext, parts: readonly Part[]): Promise<Check[]> {
  const snapshot = await inspect(context);
  const checks = checksOf(snapshot, context.selection);
  for (const part of parts) checks.push(...((await part.verify?.(context, snapshot)) ?? []));
  return checks;
}

const COLORS = { ok: 'green', warning: 'yellow', failure: 'red' } as const;

function snippetOf(selection: Selection, parts: readonly Part[]): string {
  return workflowSnippet(selection, Object.assign({}, ...parts.map(({ inputs }) => inputs)));
}

function showResult({ terminal }: CommandContext, checks: readonly Check[], snippet: string): void {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(
    ({ name, verdict, text }) =>
      `  ${terminal.style(COLORS[verdict], verdict.padEnd(7))}  ${name.padEnd(width)}  ${plain(text)}`,
  );
  terminal.print(['', 'Result', ...lines, '', 'Add this job to a workflow:', snippet].join('\n'));
}
