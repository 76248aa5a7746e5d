// Writes variables of the repository or its environment.
import type { Run } from './part.ts';

export async function setVariable(
  { github, report }: Run,
  environment: string | undefined,
  name: string,
  value: string,
): Promise<void> {
  await github.setVariable(environment, name, value);
  report(`GitHub: set variable ${name}`);
}
