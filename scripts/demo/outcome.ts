import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

export const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });

/** Runs the checks of a demo and prints the outcome. The exit code is 1 when one fails. @param start when the demo began */
export async function conclude(
  start: number,
  checks: () => Promise<void>,
  end: () => Promise<void>,
): Promise<void> {
  try {
    await checks();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`\n${paint(['bold', 'green'], 'All checks passed.')} ${seconds} s\n`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`\n${paint(['bold', 'red'], 'The demo failed.')} ${message}\n`);
    process.exitCode = 1;
  } finally {
    await end();
  }
}
