import { KUBERNETES_CLIENTS } from '../clients.ts';
import { install } from '../install.ts';

export default async function setup(): Promise<void> {
  await Promise.all(KUBERNETES_CLIENTS.map((client) => install(client)));
}
