// The pages and forms for contributors name commands, files and outputs that exist; the exercise works.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { EmulatorOptions } from '../../emulator/server/start.ts';
import { expectFailure, startJourney } from '../e2e/journey.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const PAGES = ['CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', '.github/pull_request_template.md'];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe('the pages for contributors', () => {
  it.each(PAGES)('%s names scripts and files that exist', (page) => {
    const text = read(page);
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    const inline = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.\w{2,4})`/g)].map(([, name]) => name);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, name]) => name);
    expect([...inline, ...links].filter((name = '') => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it('CONTRIBUTING.md has an exercise that works', async () => {
    const [, row = ''] = /^```ts\n([\s\S]*?),\n```$/m.exec(read('CONTRIBUTING.md')) ?? [];
    const [title, options, inputs, code] = runInNewContext(`(${row})`) as [
      string,
      EmulatorOptions,
      Record<string, string>,
      string,
    ];
    expect(read('CONTRIBUTING.md')).toContain(`-t '${title.replace('a rule for ', '')}'`);
    expect(read('__tests__/e2e/refusals.test.ts')).toContain('const REFUSALS: ');
    await expectFailure(await startJourney(options), code, inputs);
    await expect(expectFailure(await startJourney(options), 'OCI_CLIENT_REJECTED', inputs)).rejects.toThrow();
  });
});

interface Form {
  name: string;
  description: string;
  body: { type: string; id?: string; attributes: { value?: string; label?: string } }[];
}

describe('the issue forms', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const names = readdirSync(path.join(root, folder)).filter((name) => name !== 'config.yml');
  const formOf = (name: string) => parse(read(`${folder}/${name}`)) as Form;

  it.each(names)('%s is one that GitHub shows, and warns of secrets first', (name) => {
    const { body, ...form } = formOf(name);
    expect([typeof form.name, typeof form.description]).toEqual(['string', 'string']);
    expect(body[0]?.attributes.value).toMatch(/no secrets/);
    const ids = body.slice(1).map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { type, attributes } of body.slice(1)) {
      expect(['textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
      expect(attributes.label).toEqual(expect.any(String));
    }
  });

  it('ask for outputs that the action has', () => {
    const { outputs } = parse(read('action.yml')) as { outputs: object };
    const ids = formOf('bug.yml').body.map(({ id }) => id);
    for (const name of ['failure-code', 'request-id'])
      expect([Object.keys(outputs), ids]).toEqual([
        expect.arrayContaining([name]),
        expect.arrayContaining([name]),
      ]);
  });
});
