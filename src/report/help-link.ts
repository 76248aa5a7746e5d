// Links to the heading of an error code in docs/troubleshooting.md.
import { type ErrorCode, helpPath } from '../errors/codes.ts';
import type { Runner } from '../ports.ts';

/** The page in the version of the action that runs; its path alone when the runner does not name the version. */
export function helpUrl(runner: Runner, code: ErrorCode): string {
  const server = runner.env('GITHUB_SERVER_URL');
  const repository = runner.env('GITHUB_ACTION_REPOSITORY');
  const ref = runner.env('GITHUB_ACTION_REF');
  if (!server || !repository || !ref) return helpPath(code);
  // A Git reference may contain parentheses, which encodeURIComponent keeps and which would end a Markdown link.
  const parts = `${repository}/blob/${ref}`.split('/').map(encodeURIComponent).join('/');
  return `${server}/${parts.replaceAll('(', '%28').replaceAll(')', '%29')}/${helpPath(code)}`;
}

/** Markdown. */
export function helpLink(runner: Runner, code: ErrorCode): string {
  const [path, url] = [helpPath(code), helpUrl(runner, code)];
  return url === path ? `\`${path}\`` : `[${path}](${url})`;
}
