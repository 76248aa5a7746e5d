// Prints the findings of GitHub's editor service on workflows and action.yml files, one a line.
// Arguments: the folder in which the service is installed, and the files.
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';

interface Reference {
  owner: string;
  name: string;
  path?: string;
}

interface Service {
  validate(
    document: unknown,
    config: { actionsMetadataProvider: { fetchActionMetadata(action: Reference): Promise<unknown> } },
  ): Promise<{ range: { start: { line: number } }; message: string }[]>;
}

// It imports JSON without the attribute that Node needs.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});

const root = path.join(import.meta.dirname, '../../..');
const [folder = '', ...files] = process.argv.slice(2);
const required = createRequire(path.join(folder, 'package.json'));
const service = path.join(folder, 'node_modules/@actions/languageservice/dist/index.js');
const { validate }: Service = await import(pathToFileURL(service).href);
const { TextDocument } = required('vscode-languageserver-textdocument');

/** Returns the action.yml of this action, from the working tree. Others are unknown. */
async function fetchActionMetadata({ owner, name, path: below = '' }: Reference) {
  if (`${owner}/${name}` !== 'org/oci-wif-action') return undefined;
  return parse(readFileSync(path.join(root, below, 'action.yml'), 'utf8'));
}

const UNKNOWN = /^Unable to resolve action `(?!org\/oci-wif-action)/;

for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const document = TextDocument.create(pathToFileURL(file).href, 'yaml', 1, text);
  for (const { range, message } of await validate(document, {
    actionsMetadataProvider: { fetchActionMetadata },
  })) {
    if (UNKNOWN.test(message)) continue;
    process.stdout.write(`${path.basename(file)}:${range.start.line + 1}: ${message}\n`);
  }
}
