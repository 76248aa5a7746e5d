// The workflow that uses what was set up. Pure functions.
import { SECRET, VARIABLES } from './plan-github.ts';
import type { Selection } from './selection.ts';

export const expression = (context: 'vars' | 'secrets', name: string) => `\${{ ${context}.${name} }}`;

/** A job, to paste below `jobs:`. @param inputs more of them, written as they are */
export function workflowSnippet(
  { environment, clientAuth = 'secret' }: Pick<Selection, 'environment'> & Partial<Selection>,
  inputs: Readonly<Record<string, string>> = {},
): string {
  return [
    '  deploy:',
    `    runs-on: ${clientAuth === 'secret' ? 'ubuntu-latest' : 'self-hosted # an instance of the dynamic group'}`,
    // JSON is YAML: a name may hold any character.
    ...(environment === undefined ? [] : [`    environment: ${scalar(environment)}`]),
    '    permissions:',
    '      contents: read',
    '      id-token: write',
    '    steps:',
    '      - uses: org/oci-wif-action@v1',
    '        with:',
    `          domain-url: ${expression('vars', VARIABLES.domainUrl)}`,
    ...(clientAuth === 'secret'
      ? [
          `          client-id: ${expression('vars', VARIABLES.clientId)}`,
          `          client-secret: ${expression('secrets', SECRET)}`,
        ]
      : [`          client-auth: ${clientAuth}`]),
    `          region: ${expression('vars', VARIABLES.region)}`,
    `          audience: ${expression('vars', VARIABLES.audience)}`,
    ...Object.entries(inputs).map(([name, value]) => `          ${name}: ${value}`),
  ].join('\n');
}

const scalar = (text: string) => (/^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text));
