// Rules for a release: changes that users notice, the version they need, the files of the archive, the notes. Pure functions.

export interface Metadata {
  inputs?: Record<string, { required?: boolean; default?: unknown }>;
  outputs?: Record<string, unknown>;
  runs: Record<string, unknown>;
}

/** Smallest change first. */
export const LEVELS = ['patch', 'minor', 'major'] as const;
export type Level = (typeof LEVELS)[number];

export interface Change {
  what: string;
  level: Level;
}

export interface PackedFile {
  name: string;
  bytes: number;
}

/** All files that a job needs. */
const FOR_JOBS = [
  /^(doctor\/)?action\.yml$/,
  /^dist\/[\w+-]+\.js$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^(LICENSE|package\.json)$/,
];

export function versionOf(text: string): [number, number, number] | undefined {
  const parts = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text)?.slice(1).map(Number);
  return parts as [number, number, number] | undefined;
}

/** For sorting. Both arguments must be versions. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [versionOf(one) ?? [0, 0, 0], versionOf(other) ?? [0, 0, 0]];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

/** Changes that a workflow with this action notices. */
export function changesBetween(before: Metadata, after: Metadata): Change[] {
  const changes = [
    ...namesChanged('input', before.inputs ?? {}, after.inputs ?? {}),
    ...namesChanged('output', before.outputs ?? {}, after.outputs ?? {}),
  ];
  for (const [name, rule] of Object.entries(after.inputs ?? {})) {
    const old = before.inputs?.[name];
    if (rule.required && rule.default === undefined && !(old?.required && old.default === undefined))
      changes.push({ what: `input ${name} is now required`, level: 'major' });
    if (old !== undefined && old.default !== rule.default && !rule.required)
      changes.push({ what: `default of ${name}: ${old.default} → ${rule.default}`, level: 'major' });
  }
  const [from, to] = [before.runs['using'], after.runs['using']];
  if (from !== to) changes.push({ what: `runs on ${to} instead of ${from}`, level: 'major' });
  return changes;
}

function namesChanged(kind: string, before: object, after: object): Change[] {
  const removed = Object.keys(before).filter((name) => !(name in after));
  const added = Object.keys(after).filter((name) => !(name in before));
  return [
    ...removed.map((name): Change => ({ what: `${kind} ${name} is removed`, level: 'major' })),
    ...added.map((name): Change => ({ what: `${kind} ${name} is new`, level: 'minor' })),
  ];
}

/** Why the version does not rise enough. Before 1.0.0 a minor version may break (semver.org, item 4). */
export function riseFault(previous: string, version: string, changes: readonly Change[]): string | undefined {
  const [from, to] = [versionOf(previous), versionOf(version)];
  if (from === undefined || to === undefined || compareVersions(previous, version) >= 0)
    return `${version} does not come after ${previous}`;
  const needed = changes.reduce((most, { level }) => Math.max(most, LEVELS.indexOf(level)), 0);
  const needs = LEVELS[from[0] === 0 && to[0] === 0 ? Math.min(needed, 1) : needed] ?? 'patch';
  const risen = LEVELS.toReversed()[to.findIndex((part, index) => part !== from[index])] ?? 'patch';
  if (LEVELS.indexOf(risen) >= LEVELS.indexOf(needs)) return undefined;
  return `${previous} → ${version} is a ${risen} version, the changes need a ${needs} one`;
}

/** The text under the heading of a version, or of `Unreleased`. */
export function notesFor(changeLog: string, version: string): string | undefined {
  const sections = changeLog.split(/^## /m).slice(1);
  const heading = /^\[([^\]]+)\](?: - \d{4}-\d\d-\d\d)?\n/;
  const section = sections.find((text) => heading.exec(text)?.[1] === version);
  return section
    ?.replace(/^.*\n/, '')
    .replace(/^\[[^\]]+\]: .*$/gm, '')
    .trim();
}

/** Names and sizes in a tar archive from git (ustar, with a comment in front). */
export function filesOf(tar: Buffer): PackedFile[] {
  const files: PackedFile[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const field = (from: number, to: number) =>
      tar.toString('utf8', at + from, at + to).split('\0', 1)[0] ?? '';
    const bytes = Number.parseInt(field(124, 136), 8);
    const prefix = field(345, 500);
    if (field(156, 157) === '0')
      files.push({ name: prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`, bytes });
    at += 512 + Math.ceil(bytes / 512) * 512;
  }
  return files;
}

/** Files that the archive must not contain, and files that it lacks. */
export function archiveFaults(names: readonly string[], actions: readonly Metadata[]): string[] {
  const unwanted = names.filter((name) => !FOR_JOBS.some((pattern) => pattern.test(name)));
  const scripts = actions.flatMap(({ runs }) =>
    ['main', 'post'].flatMap((stage) => (typeof runs[stage] === 'string' ? [runs[stage]] : [])),
  );
  const needed = [...scripts.map((file) => file.replace(/^(\.\.?\/)+/, '')), 'LICENSE', 'action.yml'];
  return [
    ...unwanted.map((name) => `${name} is not for jobs: add it to .gitattributes as export-ignore`),
    ...needed.filter((name) => !names.includes(name)).map((name) => `${name} is not in the archive`),
  ];
}
