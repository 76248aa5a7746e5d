// The files in which a step leaves outputs, variables and state for the runner.

/**
 * Reads `NAME=value` lines and `NAME<<DELIMITER` blocks; the last of several wins.
 * @see Workflow commands for GitHub Actions, "Environment files" (GitHub documentation)
 */
export function parseFileCommand(text: string): Record<string, string> {
  return Object.fromEntries(pairsOf(text));
}

/** The runner uses the pairs before an incomplete one (EnvFileKeyValuePairs, actions/runner). */
export function parseIncomplete(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  try {
    for (const [name, value] of pairsOf(text)) values[name] = value;
  } catch {
    // The runner would fail the step, which has failed already.
  }
  return values;
}

function* pairsOf(text: string): Generator<[name: string, value: string]> {
  // Only the runner on Windows ends lines at `\r\n`. A file whose first block has one was written there.
  const lineEnd = /^[^\n]*<<[^\n]*\r\n/.test(text) ? /\r?\n$/ : /\n$/;
  const withoutLineEnd = (line: string) => line.replace(lineEnd, '');
  // Inside a value, the runner keeps the line ends of the file.
  const written = text.split(/(?<=\n)/);
  const lines = written.map(withoutLineEnd);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name = '', sign = '', rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`Invalid format '${line}'`);
    if (sign === '=') {
      yield [name, rest];
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end === -1) throw new Error(`Matching delimiter not found '${rest}'`);
    yield [name, withoutLineEnd(written.slice(at + 1, end).join(''))];
    at = end;
  }
}
