// Installs every client before all tests.
import { CLIENTS } from './clients.ts';
import { install } from './install.ts';

export default async function setup(): Promise<void> {
  const each = CLIENTS.map(async (client) => {
    const start = performance.now();
    const took = (await install(client)) ? `${Math.round((performance.now() - start) / 1000)} s` : '0 s';
    process.stdout.write(`${client.name}: installed in ${took}\n`);
  });
  await Promise.all(each);
}
