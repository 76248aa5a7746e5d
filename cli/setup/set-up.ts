// One run of `setup`: reads, plans, shows, applies, reads again.
import type { CommandContext } from '../command.ts';
import { emitTerraform } from '../emit/emit.ts';
import { plain } from '../terminal.ts';
import { EXIT, runPlan, withJournal } from './apply.ts';
import { awsSelectionFrom } from './aws/selection.ts';
import { checksOf } from './checks.ts';
import { type SetupOptions, writePlan } from './command.ts';
import { findDomain } from './domain-url.ts';
import { inspect } from './inspect.ts';
import type { Check, Part, SetupContext, Step } from './part.ts';
import { planHeader, planSetup } from './plan.ts';
import { refusalsOf } from './plan-text.ts';
import type { Plan } from './plan-types.ts';
import { runnersPart } from './runners/part.ts';
import { type Selection, targetOf } from './selection.ts';
import type { Snapshot } from './snapshot.ts';
import { workflowSnippet } from './snippet.ts';

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
  const made = {
    ...(snapshot.app && { appId: snapshot.app.id, clientId: snapshot.app.name ?? '' }),
    ...(snapshot.user && { userId: snapshot.user.id }),
    ...(snapshot.group && { groupId: snapshot.group.id }),
  };
  const name = `${selection.repository}-${targetOf(selection)}`;
  const journal = await runPlan(command, { plan, expected, steps, context, made, name, options });
  if (typeof journal === 'number') return journal;
  const checks = await verify(command, context, parts).catch((error: unknown) => {
    throw withJournal(error, journal, 'The plan is applied, but could not be checked.');
  });
  if (options.json) terminal.printJson({ ...plan, journal: journal.directory, checks });
  else showResult(command, checks, snippetOf(selection, parts));
  terminal.progress(`Journal: ${journal.directory}`);
  return checks.some(({ verdict }) => verdict === 'failure') ? EXIT.partly : EXIT.done;
}

/** The optional parts that the options request, in the order in which they are applied after all other steps. */
async function partsFor(
  options: SetupOptions,
  selection: Selection,
  { clients, clock, terminal }: CommandContext,
): Promise<Part[]> {
  const parts: Part[] = [];
  if (selection.clientAuth === 'instance-principal') parts.push(runnersPart(selection));
  const wanted = awsSelectionFrom(options, selection.names);
  if (wanted === undefined) return parts;
  const { awsPart } = await import('./aws/part.ts');
  const aws = await clients.aws();
  return [...parts, awsPart(wanted, { aws, http: clients.http, clock, progress: terminal.progress })];
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
