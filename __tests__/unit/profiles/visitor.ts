// One process of a crowd: logs in to a home that it shares and out again, several times, each with a profile of its own.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { session } from './home.ts';

const [, , home = '', name = '', rounds = '0'] = process.argv;

for (let round = 0; round < Number(rounds); round += 1) {
  const id = Buffer.from(`${name}${round}`).toString('hex');
  const login = session(home, id, { profile: `P${name}`, job: Buffer.from(name).toString('hex') });
  await login.install();
  const config = readFileSync(path.join(home, '.oci/config'), 'latin1');
  if (!config.includes(`[P${name}]`)) throw new Error('the profile has been lost');
  await login.undo();
}
