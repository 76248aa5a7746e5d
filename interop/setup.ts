// Runs before all suites: every client is installed, or why it could not be is kept for the suites that need it.
import { CLIENTS } from './clients.ts';
import { install } from './install.ts';

export default async function setup(): Promise<void> {
  await Promise.all(CLIENTS.map(install));
}
