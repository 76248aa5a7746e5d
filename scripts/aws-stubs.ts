// Replaces two packages of the AWS SDK in the bundle: the search for credentials and the HTTP client. Our unsigned call,
// sent by our own HTTP client, reaches neither. They are half of the SDK, and `node:http` takes 60 ms to load.

/** Replaces `@aws-sdk/credential-provider-node`. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('this client sends only unsigned requests'));
}

/** Replaces `@smithy/node-http-handler`. */
export const NodeHttpHandler = {
  create<T extends object>(handler: T): T {
    if ('handle' in handler) return handler;
    throw new Error('this client needs the request handler of its caller');
  },
};

/** Our HTTP client returns whole bodies. */
export function streamCollector(body: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(body);
}
