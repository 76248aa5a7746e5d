// Text for the job summary, which is Markdown with HTML in it: what the toolkit writes as it stands is made harmless
// here. Pure; knows nothing of what is said.
import type { Snippet } from '../errors/action-error.ts';

/** For prose of ours with other people's words in it: a branch may be named like a tag of HTML. Backticks keep working. */
export function escapeMarkup(text: string): string {
  return escaped(text, /[&<>|[]/g);
}

/**
 * A value to the letter: no link, emphasis, formula or second cell comes out of it. What needs no escape has none, since
 * the runner's masks look for a value as it is; an underscore inside a word is never emphasis.
 */
export function literal(value: string): string {
  return `<code>${escaped(value, /[&<>|[\]\\`*~$]|(?<!\w)_|_(?!\w)/g)}</code>`;
}

/** Lines of a table with names on the left and values, as Markdown, on the right; none for no rows. */
export function tableOf(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const lines = rows.map(([name, value]) => `| ${escapeMarkup(name)} | ${value} |`);
  return lines.length === 0 ? [] : ['| what | value |', '| --- | --- |', ...lines];
}

/** By number: a reference is never taken for the character's own part in the markup. */
function escaped(text: string, special: RegExp): string {
  return text.replace(special, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}

/** The blank lines make Markdown of what HTML would otherwise keep. */
export function snippetLines({ title, language, text, isFolded }: Snippet): string[] {
  const fence = fenceFor(text, 3);
  const block = [`${fence}${language}`, text, fence, ''];
  return isFolded
    ? ['<details>', `<summary>${escapeMarkup(title)}</summary>`, '', ...block, '</details>', '']
    : [`${escapeMarkup(title)}:`, '', ...block];
}

/** Longer than any run of backticks inside. */
function fenceFor(text: string, least: number): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return '`'.repeat(Math.max(least, ...runs));
}
