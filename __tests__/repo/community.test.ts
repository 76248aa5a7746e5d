// Holds what newcomers and reporters are told to what there is: commands, files, the exercise, the forms.
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
const about = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: object;
  devDependencies: object;
  overrides: object;
  repository: string;
  homepage: string;
  bugs: string;
};

describe('the pages for contributors', () => {
  it.each(PAGES)('%s names scripts and files that exist', (page) => {
    const text = read(page);
    const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(scripts.filter((name) => !(name in about.scripts))).toEqual([]);
    const inline = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.\w{2,4})`/g)].map(([, name]) => name);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, name]) => name);
    for (const name of [...inline, ...links])
      expect([name, existsSync(path.join(root, name ?? ''))]).toEqual([name, true]);
  });

  it('CONTRIBUTING.md has an exercise that works', async () => {
    const [, row = ''] = /^```ts\n([\s\S]*?),\n```$/m.exec(read('CONTRIBUTING.md')) ?? [];
    const [what, options, inputs, code] = runInNewContext(`(${row})`) as [
      string,
      EmulatorOptions,
      Record<string, string>,
      string,
    ];
    expect(read('CONTRIBUTING.md')).toContain(`-t '${what.replace('a rule for ', '')}'`);
    expect(read('__tests__/e2e/refusals.test.ts')).toContain('const REFUSALS: ');
    await expectFailure(await startJourney(options), code, inputs);
    await expect(expectFailure(await startJourney(options), 'OCI_CLIENT_REJECTED', inputs)).rejects.toThrow();
  });
});

interface Form {
  name?: string;
  description?: string;
  body: { type: string; id?: string; attributes: { value?: string; label?: string } }[];
}

describe('the forms for issues', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const names = readdirSync(path.join(root, folder)).filter((name) => name !== 'config.yml');

  it.each(names)('%s can be shown, and warns of secrets first', (name) => {
    const { body, ...form } = parse(read(`${folder}/${name}`)) as Form;
    expect([typeof form.name, typeof form.description]).toEqual(['string', 'string']);
    expect(body[0]).toMatchObject({
      type: 'markdown',
      attributes: { value: expect.stringMatching(/no secrets/) },
    });
    const fields = body.slice(1);
    const ids = fields.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { type, id, attributes } of fields) {
      expect(['textarea', 'input', 'dropdown', 'checkboxes']).toContain(type);
      expect([id, attributes.label]).toEqual([expect.stringMatching(/^[a-z-]+$/), expect.any(String)]);
    }
  });

  it('ask of a failure what the action says about it', () => {
    const { body } = parse(read(`${folder}/bug.yml`)) as Form;
    const ids = body.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['failure-code', 'request-id', 'version', 'doctor']));
    const { outputs } = parse(read('action.yml')) as { outputs: object };
    expect(Object.keys(outputs)).toEqual(expect.arrayContaining(['failure-code', 'request-id']));
  });

  it('send vulnerabilities elsewhere', () => {
    const config = parse(read(`${folder}/config.yml`));
    expect(config.blank_issues_enabled).toBe(false);
    expect(JSON.stringify(config.contact_links)).toContain('/security/advisories/new');
  });
});

describe('the repository', () => {
  it('justifies each package that it has', () => {
    const told = read('docs/decisions.md');
    const packages = Object.keys({ ...about.dependencies, ...about.devDependencies, ...about.overrides });
    expect(packages.length).toBeGreaterThan(10);
    // Types go with the package that they describe.
    const untold = packages.filter(
      (name) => !told.includes(`| \`${name}\``) && !told.includes(`, \`${name}\``),
    );
    expect(untold.filter((name) => !name.startsWith('@types/'))).toEqual([]);
  });

  it('has one name everywhere', () => {
    const place = about.repository.replace('github:', '');
    for (const url of [about.homepage, about.bugs]) expect(url).toContain(`https://github.com/${place}`);
    for (const page of ['SECURITY.md', 'CONTRIBUTING.md', '.github/ISSUE_TEMPLATE/config.yml'])
      expect(read(page)).toContain(`github.com/${place}`);
    const [owner] = place.split('/');
    const owners = read('.github/CODEOWNERS')
      .split('\n')
      .filter((line) => /^[*/]/.test(line));
    expect(owners.filter((line) => !line.endsWith(` @${owner}/maintainers`))).toEqual([]);
    expect(owners[0]).toMatch(/^\* /);
  });
});
