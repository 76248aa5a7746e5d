import { OPENTOFU } from '../clients.ts';
import { install } from '../install.ts';

export default async function setup(): Promise<void> {
  await install(OPENTOFU);
}
