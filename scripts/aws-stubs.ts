// Replaces packages of the AWS SDK in the bundle: the search for credentials, the signers and the HTTP client. Our unsigned
// call, sent by our own HTTP client, reaches none of them. They are half of the SDK, and `node:http` takes 60 ms to load.

/** Replaces `@aws-sdk/credential-provider-node`. */
export function defaultProvider(): () => Promise<never> {
  return () => Promise.reject(new Error('this client sends only unsigned requests'));
}

/** Replaces the class of `@smithy/signature-v4`, and that of `@aws-sdk/signature-v4-multi-region`. */
export class SignatureV4 {
  constructor() {
    throw new Error('this client sends only unsigned requests');
  }
}

export class SignatureV4MultiRegion {
  constructor() {
    throw new Error('this client sends only unsigned requests');
  }

  /** Which package signs for several regions. */
  static sigv4aDependency(): 'none' {
    return 'none';
  }
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
