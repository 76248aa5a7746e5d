// The recipe of the container image, and the component for GitLab. release-workflow.test.ts runs the build of the image with a fake.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { itWithShell } from '../unit/systems-with.ts';
import { blocksIn } from './workflow-text.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

describe('the recipe of the image', () => {
  const FILE = 'packaging/image/Dockerfile';
  const instructions = read(FILE)
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^([A-Z]+) (.*)$/.exec(line)?.slice(1) ?? [line, '']);
  const of = (name: string) => instructions.filter(([one]) => one === name).map(([, text = '']) => text);

  it('runs nothing during the build, and copies only the script and the licence', () => {
    const names = ['FROM', 'ARG', 'LABEL', 'COPY', 'COPY', 'USER', 'WORKDIR', 'ENTRYPOINT', 'CMD'];
    expect(instructions.map(([name]) => name)).toEqual(names);
    expect(of('COPY')).toEqual([
      '--chmod=0644 LICENSE /usr/local/share/doc/oci-wif/LICENSE',
      '--chmod=0755 oci-wif.mjs /usr/local/bin/oci-wif',
    ]);
  });

  it('begins with a version of Node 24 and its digest, which Dependabot keeps up to date', () => {
    expect(of('FROM')).toEqual([expect.stringMatching(/^node:24\.\d+\.\d+-slim@sha256:[0-9a-f]{64}$/)]);
    const { updates } = parse(read('.github/dependabot.yml')) as { updates: Record<string, string>[] };
    const directories = updates
      .filter((one) => one['package-ecosystem'] === 'docker')
      .map(({ directory }) => directory);
    expect(directories).toEqual([`/${path.dirname(FILE)}`]);
  });

  it('runs the command without a shell, as a user without rights, by number', () => {
    expect(of('USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(JSON.parse(of('ENTRYPOINT')[0] ?? '')).toEqual(['/usr/local/bin/oci-wif']);
    expect(JSON.parse(of('CMD')[0] ?? '')).toEqual(['--help']);
  });
});

describe('the component for GitLab', () => {
  const FOLDER = 'packaging/gitlab';
  const TEMPLATE = `${FOLDER}/templates/oci-wif.yml`;
  interface Input {
    description?: string;
    default?: string;
    regex?: string;
  }
  const documents = [...parseAllDocuments(read(TEMPLATE))];
  const [header] = documents.map((one) => one.toJS() as unknown);
  const { spec } = header as { spec: { inputs: Record<string, Input> } };

  /** The job after GitLab has put the inputs in, as text. */
  function withInputs(inputs: Readonly<Record<string, string>>): Record<string, { before_script: string[] }> {
    const text = (read(TEMPLATE).split(/^---$/m)[1] ?? '').replaceAll(
      /\$\[\[ inputs\.([\w-]+) \]\]/g,
      (_, name: string) => inputs[name] ?? spec.inputs[name]?.default ?? `missing ${name}`,
    );
    return parse(text) as Record<string, { before_script: string[] }>;
  }

  it('has the two documents of a component, and nothing else in its folder', () => {
    expect(documents.length).toBe(2);
    for (const { errors, warnings } of documents) expect([...errors, ...warnings]).toEqual([]);
    expect(Object.keys(header as object)).toEqual(['spec']);
    expect(readdirSync(path.join(root, FOLDER), { recursive: true }).toSorted()).toEqual([
      'README.md',
      'templates',
      path.join('templates', 'oci-wif.yml'),
    ]);
  });

  it('declares every input that it uses, and uses every input', () => {
    const used = [...read(TEMPLATE).matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(spec.inputs).toSorted());
    expect(read(TEMPLATE).match(/\$\[\[/g)).toHaveLength(used.length);
  });

  it('has a description, and a default that fits, for each input; all are strings', () => {
    for (const [name, input] of Object.entries(spec.inputs)) {
      expect([
        name,
        Object.keys(input).filter((key) => !['description', 'default', 'regex'].includes(key)),
      ]).toEqual([name, []]);
      expect(input.description).toMatch(/^[A-Z].*[^.]$/);
      if (input.regex !== undefined && input.default !== undefined)
        expect(input.default).toMatch(new RegExp(input.regex));
    }
  });

  it('takes the inputs that its page gives it, in a job that extends it', () => {
    const [example = ''] = blocksIn(read(`${FOLDER}/README.md`));
    const { include, ...jobs } = parse(example) as {
      include: { component: string; inputs: Record<string, string> }[];
    } & Record<string, { extends: string }>;
    expect(include[0]?.component).toMatch(/^\$CI_SERVER_FQDN\/[\w/-]+\/oci-wif@\d+\.\d+\.\d+$/);
    const given = include[0]?.inputs ?? {};
    const required = Object.keys(spec.inputs).filter((name) => spec.inputs[name]?.default === undefined);
    expect(Object.keys(given)).toEqual(expect.arrayContaining(required));
    for (const [name, value] of Object.entries(given))
      expect(value).toMatch(new RegExp(spec.inputs[name]?.regex ?? '^.'));
    const [name = '', job] = Object.entries(withInputs(given))[0] ?? [];
    expect(Object.values(jobs).map((one) => one.extends)).toEqual([name]);
    expect(job).toMatchObject({ id_tokens: { OCI_ID_TOKEN: { aud: 'https://cloud.oracle.com' } } });
  });

  describe('installs the command', () => {
    const script = '#!/bin/sh\necho "the command with $*"\n';
    const scratch = mkdtempSync(path.join(tmpdir(), 'gitlab-component-'));
    const server = createServer(({ url }, response) => {
      response.statusCode = url === '/v1.2.3/oci-wif-1.2.3.mjs' ? 200 : 404;
      response.end(script);
    });
    beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
    afterAll(() => {
      server.close();
      rmSync(scratch, { recursive: true });
    });

    /** As the runner does: all lines in one shell, which stops at the first that fails. */
    async function runJob(inputs: Record<string, string>) {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const [job] = Object.values(withInputs({ version: '1.2.3', 'download-url': url, ...inputs }));
      const lines = ['set -e', ...(job?.before_script ?? []), 'oci-wif exec'];
      const child = spawn('sh', ['-c', lines.join('\n')], {
        env: { PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}`, TMPDIR: scratch },
      });
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].on('data', (chunk) => {
          texts[name] += chunk;
        });
      const status = await new Promise((resolve) => child.on('close', resolve));
      return { status, ...texts };
    }
    const sha256 = createHash('sha256').update(script).digest('hex');

    itWithShell('on PATH, from the release', async () => {
      expect(await runJob({ sha256 })).toEqual({ status: 0, stdout: 'the command with exec\n', stderr: '' });
    });

    itWithShell.each([
      ['the digest is another one', { sha256: '0'.repeat(64) }, `has the digest ${sha256}`],
      ['the release does not exist', { sha256, version: '1.2.4' }, 'responds with 404'],
    ])('not if %s', async (_, inputs, message) => {
      const { status, stdout, stderr } = await runJob(inputs);
      expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining(message)]);
    });
  });
});
