// docs/decisions.md has a reason for every package, and the sizes of those that jobs load.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
const page = read('docs/decisions.md');
const { dependencies, devDependencies, overrides } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies' | 'overrides',
  Record<string, string>
>;

/** Bytes of `dist/` by the package that they come from. The bundler writes the path of a module above its code. */
function bytesOfPackages(): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const file of readdirSync(path.join(root, 'dist')).filter((name) => name.endsWith('.js'))) {
    for (const part of read(`dist/${file}`).split(/^\/\/ (?=node_modules\/|src\/|scripts\/)/m)) {
      const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(part) ?? [];
      if (name !== undefined) bytes.set(name, (bytes.get(name) ?? 0) + Buffer.byteLength(part));
    }
  }
  return bytes;
}

describe('docs/decisions.md', () => {
  /** `@types/…` stands for all packages of a scope. */
  const named = [...page.matchAll(/`(@?[a-z][\w./-]*…?)`/g)].map(([, name = '']) => name);
  const has = (dependency: string) =>
    named.some(
      (name) => name === dependency || (name.endsWith('/…') && dependency.startsWith(name.slice(0, -1))),
    );

  it('has a reason for every package', () => {
    const all = Object.keys({ ...dependencies, ...devDependencies, ...overrides });
    expect(all.filter((name) => !has(name))).toEqual([]);
  });

  it.each(Object.keys(dependencies))('has the size of %s in dist/', (name) => {
    const [, size] = new RegExp(`^\\| \`${name}\` \\| (\\d+) kB`, 'm').exec(page) ?? [];
    const file =
      name === '@aws-sdk/client-sts' ? Buffer.byteLength(read('dist/aws-assume-role.js')) : undefined;
    const bytes = file ?? bytesOfPackages().get(name) ?? 0;
    expect(Math.abs(bytes - Number(size) * 1000)).toBeLessThan(Math.max(600, bytes / 20));
  });
});
