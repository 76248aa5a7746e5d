// A port that accepts no connection until its thread wakes up: its backlog is full, so that the system drops the first
// packet of each handshake, and the client sends it again after a second.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const FORWARDER = `
const { parentPort, workerData } = require('node:worker_threads');
const { connect, createServer } = require('node:net');
const server = createServer((client) => {
  const target = connect(workerData, '127.0.0.1');
  for (const socket of [client, target]) socket.on('error', () => {}).on('close', () => { client.destroy(); target.destroy(); });
  client.pipe(target).pipe(client);
}).listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => parentPort.postMessage(server.address().port));
parentPort.on('message', (ms) => {
  parentPort.postMessage('asleep');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
});`;

/** Accepts after 0.6 s, and then forwards to another port of this machine. */
export async function startSlowListener(
  target: number,
): Promise<{ port: number; close(): Promise<unknown> }> {
  const worker = new Worker(FORWARDER, { eval: true, workerData: target });
  const [port] = (await once(worker, 'message')) as [number];
  worker.postMessage(600);
  await once(worker, 'message');
  const fillers = [1, 2, 3, 4].map(() => connect(port, '127.0.0.1').on('error', () => {}));
  await sleep(50);
  return {
    port,
    close: () => {
      for (const filler of fillers) filler.destroy();
      return worker.terminate();
    },
  };
}
