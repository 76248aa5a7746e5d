// Markdown for the job summary. Text from claims, responses and inputs must not become markup.
import type { Snippet } from '../errors/action-error.ts';
import { type ErrorCode, helpPath } from '../errors/codes.ts';
import type { Runner } from '../ports.ts';

/** For sentences of this action with foreign text, such as a branch named like an HTML tag. Backticks still work. */
export function escapeMarkup(text: string): string {
  const parts = text.split(/(`[^`]+`)/).map((part, at) => {
    const plain = escaped(part, /[&<>|[]/g);
    // Between backticks, GitHub shows a reference as it is written.
    return at % 2 === 1 && plain.includes('&#') ? literal(part.slice(1, -1)) : plain;
  });
  return parts.join('');
}

/**
 * A value as code, without links, emphasis, formulas or table cells. Escapes no more than necessary, because the runner
 * masks only unchanged values; an underscore inside a word is never emphasis.
 */
export function literal(value: string): string {
  return `<code>${escaped(value, /[&<>|[\]\\`*~$]|(?<!\w)_|_(?!\w)/g)}</code>`;
}

export type Row = readonly [name: string, value: string];

/** Lines of a table of names and values, the values in Markdown. Omits empty values; no lines without rows. */
export function tableOf(rows: readonly Row[], header = '| Name | Value |'): string[] {
  const given = rows.filter(([, value]) => value !== '');
  const lines = given.map(([name, value]) => `| ${escapeMarkup(name)} | ${value} |`);
  return lines.length === 0 ? [] : [header, '| --- | --- |', ...lines];
}

/** Numeric references: GitHub never reads them as markup. */
function escaped(text: string, special: RegExp): string {
  return text.replace(special, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}

/** Inside `<details>`, GitHub reads Markdown only after an empty line. */
export function snippetLines({ title, language, text, isFolded }: Snippet): string[] {
  const fence = fenceFor(text);
  const block = [`${fence}${language}`, text, fence, ''];
  return isFolded
    ? ['<details>', `<summary>${escapeMarkup(title)}</summary>`, '', ...block, '</details>', '']
    : [`${escapeMarkup(title)}:`, '', ...block];
}

/** Longer than every run of backticks in the text. */
function fenceFor(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return '`'.repeat(Math.max(3, ...runs));
}

/** The heading of a code, in the version of the action that runs; the path alone when the runner does not name it. */
export function helpUrl(runner: Runner, code: ErrorCode): string {
  const server = runner.env('GITHUB_SERVER_URL');
  const repository = runner.env('GITHUB_ACTION_REPOSITORY');
  const ref = runner.env('GITHUB_ACTION_REF');
  if (!server || !repository || !ref) return helpPath(code);
  // A Git reference may contain parentheses, which encodeURIComponent keeps and which would end a Markdown link.
  const parts = `${repository}/blob/${ref}`.split('/').map(encodeURIComponent).join('/');
  return `${server}/${parts.replaceAll('(', '%28').replaceAll(')', '%29')}/${helpPath(code)}`;
}

export function helpLink(runner: Runner, code: ErrorCode): string {
  const [path, url] = [helpPath(code), helpUrl(runner, code)];
  return url === path ? `\`${path}\`` : `[${path}](${url})`;
}
