// Jobs on Windows, with the emulator on this machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { JobOptions, Stage } from '../../emulator/runner/job.ts';
import { type Journey, startJourney, treeOf, warningsOf } from '../e2e/journey.ts';
import { windowsNode } from './wine.ts';

type Options = Parameters<typeof startJourney>[0];

export function startOnWindows(options: Options = {}): Promise<Journey> {
  return startJourney({ ...options, job: inWindows(options.job) });
}

export function inWindows(options: JobOptions = {}): JobOptions {
  return { ...options, node: windowsNode };
}

/** Files and their content, one byte per character. Windows has no modes: those that Wine shows here mean nothing. */
export function contentOf(directory: string): Record<string, string> {
  const tree = Object.entries(treeOf(directory));
  return Object.fromEntries(tree.map(([name, text]) => [name, text.replace(/^\d+ /, '')]));
}

/** Runs post and expects no warning, and home and temporary directory to be as before. */
export async function expectRestored(
  { job, post }: Pick<Journey, 'job' | 'post'>,
  main: Stage,
  before: Record<string, string>,
): Promise<Stage> {
  const after = await post(main);
  expect([after.exitCode, after.stderr, warningsOf(after)]).toEqual([0, '', []]);
  expect([contentOf(job.home), contentOf(job.temp)]).toEqual([before, {}]);
  return after;
}

/** Returns the environment of a step that first runs this code. */
export function preloaded({ temp }: Journey['job'], code: string): Record<string, string> {
  const directory = path.join(path.dirname(temp), 'preload');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'preload.mjs');
  writeFileSync(file, code);
  return { NODE_OPTIONS: `--import file://${file}` };
}
