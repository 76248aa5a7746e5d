// Runs before all suites: every client is installed, or why it could not be is kept for the suites that need it.
import { CLIENTS } from './clients.ts';
import { install } from './install.ts';

export default async function setup(): Promise<void> {
  const each = CLIENTS.map(async (client) => {
    const start = performance.now();
    const took = (await install(client)) ? `${Math.round((performance.now() - start) / 1000)} s` : 'no time';
    process.stdout.write(`${client.name}: installing took ${took}\n`);
  });
  await Promise.all(each);
}
