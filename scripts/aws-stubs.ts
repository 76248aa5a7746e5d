// What the bundle puts in the place of two packages of the AWS SDK that an unsigned call through our own transport never
// reaches: the search for credentials, and Node's HTTP. They would be half of the chunk, and `node:http` 60 ms at load.

/** In place of `@aws-sdk/credential-provider-node`. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('this client makes unsigned calls only'));
}

/** In place of `@smithy/node-http-handler`. */
export const NodeHttpHandler = {
  create<T extends object>(handler: T): T {
    if ('handle' in handler) return handler;
    throw new Error('this client sends through a handler of its caller');
  },
};

/** Bodies come whole from our transport. */
export function streamCollector(body: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(body);
}
