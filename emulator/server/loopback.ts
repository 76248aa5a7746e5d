// Binds a server to a free port of the loopback interface, and tracks its TCP connections.
import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface Loopback {
  port: number;
  /** The TCP connection below a client's TLS connection: only there can a reset be sent. */
  rawOf(socket: Socket): Socket;
  /** Also closes every connection, in whatever state. */
  close(): Promise<void>;
}

export async function bindToLoopback(server: Server | TlsServer): Promise<Loopback> {
  const connections = new Map<number, Socket>();
  /** Two can have the same port, if the client of one was killed. */
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    connections.set(port, socket);
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      if (connections.get(port) === socket) connections.delete(port);
    });
    socket.on('error', () => socket.destroy());
  });
  const secured = new Map<number, Socket>();
  server.on('secureConnection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    secured.set(port, socket);
    socket.on('close', () => secured.delete(port));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // The address is not a string: that is the name of a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    rawOf: (socket) => connections.get(socket.remotePort ?? 0) ?? socket,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // The TLS connection first: without it, a half-open TLS connection keeps the process alive.
      for (const [port, socket] of connections) (secured.get(port) ?? socket).destroy();
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await closed;
    },
  };
}
