// The licences of the packages whose code is in `dist/`. Their authors require that the texts go with the code.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';

export const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/** Licences that only require their text to be kept. A person must read any other before it is bundled. */
const KEPT_BY_NOTICE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
/** `NOTICE`: Apache License 2.0, section 4 (d). */
const LEGAL_FILE = /^(licen[cs]e|notice|copying|copyright)/i;
/** Packages that were published without their licence text, and one of the same repository and authors that has it. */
const TEXT_IN: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-http': '@aws-sdk/client-iam',
  '@aws-sdk/credential-provider-login': '@aws-sdk/client-iam',
  '@aws-sdk/nested-clients': '@aws-sdk/client-iam',
};
const RULE = '-'.repeat(80);

/**
 * The licence texts, equal ones once, sorted by the names of the packages.
 * @param subject what the first sentence is about
 */
export async function noticesOf(
  root: string,
  outputs: readonly Metafile['outputs'][],
  subject: 'This file contains' | 'The JavaScript files beside this one contain',
): Promise<string> {
  const folders = new Set(outputs.flatMap((output) => Object.values(output).flatMap(packagesIn)));
  const packages = await Promise.all([...folders].map((folder) => legal(path.join(root, folder))));
  const byText = Map.groupBy(packages.toSorted(byTitle), ({ text }) => text);
  const entries = [...byText].map(
    ([text, same]) => `${RULE}\n${same.map(({ title }) => title).join('\n')}\n${RULE}\n\n${text}\n`,
  );
  return [
    `${subject} code of the packages below, each under the terms that follow its name.\n`,
    ...entries,
  ].join('\n');
}

/** Folders of the packages with code in an output. What tree shaking removed does not count. */
function packagesIn({ inputs }: Metafile['outputs'][string]): string[] {
  return Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
    return bytesInOutput > 0 && folder !== undefined ? [folder] : [];
  });
}

interface Legal {
  title: string;
  text: string;
}

async function legal(folder: string): Promise<Legal> {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const title = `${name} ${version} (${license})`;
  if (!KEPT_BY_NOTICE.includes(license)) throw new Error(`${title}: read this licence before it is bundled`);
  const other = TEXT_IN[name];
  const place = other === undefined ? folder : path.join(folder.slice(0, -name.length), other);
  const files = (await readdir(place)).filter((file) => LEGAL_FILE.test(file)).toSorted();
  if (files.length === 0) throw new Error(`${title}: the package has no licence text`);
  const texts = await Promise.all(files.map((file) => readFile(path.join(place, file), 'utf8')));
  return { title, text: texts.map((text) => text.replaceAll('\r\n', '\n').trim()).join('\n\n') };
}

function byTitle(one: Legal, other: Legal): number {
  if (one.title === other.title) return 0;
  return one.title < other.title ? -1 : 1;
}
