// `npm run stress`: runs the stress tests. With --list, prints every promise of __tests__/README.md with its tests instead.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { listing, promisesIn } from './promises.ts';

const root = path.join(import.meta.dirname, '..');

if (process.argv.includes('--list')) {
  console.log(listing(promisesIn(readFileSync(path.join(root, '__tests__/README.md'), 'utf8'))));
} else {
  process.argv.splice(2, 0, '--config', path.join(root, '__tests__/stress/jest.config.js'));
  await import(pathToFileURL(path.join(root, 'node_modules/jest/bin/jest.js')).href);
}
