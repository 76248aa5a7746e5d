// The token that `oci ce cluster generate-token` makes, made without the code of the action.
import { sign } from 'node:crypto';
import type { Cluster } from '../../../emulator/oke/settings.ts';
import { keyPair } from './client.ts';

interface Changes {
  host?: string;
  path?: string;
  names?: string;
  /** Milliseconds since the epoch. */
  date?: number;
  /** Changes the parameters of the URL. */
  parameters?: (parameters: URLSearchParams) => void;
  /** Changes the URL before it is encoded. */
  url?: (url: string) => string;
}

export function clusterToken(sessionToken: string, { id }: Pick<Cluster, 'id'>, changes: Changes = {}) {
  const {
    host = 'containerengine.us-ashburn-1.oraclecloud.com',
    path = `/cluster_request/${id}`,
    names = 'date (request-target) host',
  } = changes;
  const values: Record<string, string> = {
    date: new Date(changes.date ?? Date.now()).toUTCString(),
    '(request-target)': `get ${path}`,
    host,
    accept: '*/*',
  };
  const lines = names.split(' ').map((name) => `${name}: ${values[name]}`);
  const signature = sign('sha256', Buffer.from(lines.join('\n')), keyPair.privateKey).toString('base64');
  const authorization =
    `Signature algorithm="rsa-sha256",headers="${names}",keyId="ST$${sessionToken}",` +
    `signature="${signature}",version="1"`;
  const parameters = new URLSearchParams({ authorization, date: values['date'] ?? '' });
  changes.parameters?.(parameters);
  const url = `https://${host}${path}?${parameters}`;
  // The CLI's Python pads.
  const text = Buffer.from(changes.url?.(url) ?? url).toString('base64');
  return text.replaceAll('+', '-').replaceAll('/', '_');
}
