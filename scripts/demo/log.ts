/** The log as a person sees it: the runner swallows mask commands, and hides what they name. */
export function visibleLog(stdout: string): string {
  const masked = [...stdout.matchAll(/^::add-mask::(.*)$/gm)].map(([, value = '']) => value);
  const text = stdout.replaceAll(/^::add-mask::.*\n/gm, '').replaceAll(/^::error::/gm, 'Error: ');
  return masked.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
