// Reads the tables of __tests__/README.md: promises of this project, and the tests of each. Pure functions.

export interface PromiseTest {
  file: string;
  /** A part of the test's title; undefined when the whole file, or directory, tests the promise. */
  title: string | undefined;
}

export interface Promised {
  group: string;
  promise: string;
  tests: PromiseTest[];
}

const HEADER = '| promise | tests |';

/** Rows of all tables with this header, in the order of the page. A cell has `file` or `file` › title, separated by <br>. */
export function promisesIn(page: string): Promised[] {
  return page.split(/^#+ /m).flatMap((section) => {
    const [heading = '', ...lines] = section.split('\n');
    const start = lines.indexOf(HEADER);
    if (start < 0) return [];
    const rest = lines.slice(start + 2); // without the header and the line below it
    const end = rest.findIndex((line) => !line.startsWith('|'));
    return rest.slice(0, end < 0 ? undefined : end).map((row) => {
      const [promise = '', cell = ''] = row
        .split('|')
        .slice(1)
        .map((text) => text.trim());
      return { group: heading, promise, tests: cell.split('<br>').map(testOf) };
    });
  });
}

function testOf(text: string): PromiseTest {
  const [, file = text, title] = /^`([^`]+)`(?: › (.+))?$/.exec(text.trim()) ?? [];
  return { file, title };
}

/** One line for each group, promise and test. */
export function listing(promises: readonly Promised[]): string {
  const groups = [...new Set(promises.map(({ group }) => group))];
  return groups
    .map((group) => {
      const rows = promises.filter((one) => one.group === group);
      const lines = rows.flatMap(({ promise, tests }) => [
        `  ${promise}`,
        ...tests.map(({ file, title }) => `      ${title === undefined ? file : `${file} › ${title}`}`),
      ]);
      return [group, ...lines].join('\n');
    })
    .join('\n\n');
}
