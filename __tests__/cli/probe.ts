// Makes calls of the clients in a process of its own: the proxy, the CA and the home directory come from its environment.
import { spawn } from 'node:child_process';
import { parseOptions } from '../../cli/arguments.ts';
import { createClients } from '../../cli/clients.ts';
import { CONNECTION_OPTIONS, type ConnectionOptions } from '../../cli/connect/options.ts';
import { CommandError } from '../../cli/failure.ts';
import { untilEnd } from '../../emulator/runner/ended.ts';
import { systemClock } from '../../src/node/system.ts';
import { Secret } from '../../src/secret.ts';

/** The client, its argument (address of a domain, or repository), the method, and its arguments. */
export type Call = readonly [
  client: 'scim' | 'iam' | 'github' | 'oci',
  target: string,
  method: string,
  ...args: unknown[],
];

export interface CallError {
  code: string;
  message: string;
  remedy: string;
  details: { status?: number; requestId?: string; serviceCode?: string; serviceText?: string };
}

export interface CallResult {
  value?: unknown;
  error?: CallError;
}

export interface Probe {
  results: CallResult[];
  /** What the calls logged. */
  log: string[];
}

/** Of a call that succeeded. */
export const resultOf = <T>(result: CallResult | undefined) => result?.value as T;

/** @param args options of the connection; `{ secret }` among the arguments of a call becomes a Secret */
export async function probe(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  calls: readonly Call[],
  input = '',
): Promise<Probe> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify({ args, calls })], { env });
  child.stdin.on('error', () => {}).end(input);
  const { stdout, stderr } = await untilEnd(child);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Probe;
}

async function main(text: string): Promise<Probe> {
  const { args, calls } = JSON.parse(text) as { args: string[]; calls: Call[] };
  const log: string[] = [];
  const env = (name: string) => process.env[name];
  const connection = parseOptions(CONNECTION_OPTIONS, args, env) as ConnectionOptions;
  const clients = createClients({ connection, env, clock: systemClock, log: (line) => void log.push(line) });
  const results: CallResult[] = [];
  for (const [name, target, method, ...given] of calls) {
    const client = name === 'scim' ? clients.scim(new URL(target)) : clients[name](target);
    const values = given.map((one) => (isSecret(one) ? new Secret(one.secret) : (one ?? undefined)));
    const call = async () =>
      ((await client) as unknown as Record<string, (...args: unknown[]) => unknown>)[method]?.(...values);
    results.push(await call().then((value) => ({ value }), toError));
  }
  return { results, log };
}

const isSecret = (value: unknown): value is { secret: string } =>
  typeof value === 'object' && value !== null && 'secret' in value;

function toError(error: unknown): CallResult {
  if (!(error instanceof CommandError)) throw error;
  const { code, message, remedy, details } = error;
  return { error: { code, message, remedy, details: details as CallError['details'] } };
}

if (process.argv[1] === import.meta.filename)
  process.stdout.write(JSON.stringify(await main(process.argv[2] ?? '')));
