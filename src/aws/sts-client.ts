// The SDK's STS client without what we do ourselves: it finds no credentials, signs nothing, sends nothing, repeats nothing.
import { STSClient } from '@aws-sdk/client-sts';
import type { Http, HttpResponse } from '../ports.ts';
import { type StsTarget, stsEndpoint } from './sts-endpoint.ts';

/**
 * Everything is said here, so that the SDK reads neither the environment nor `~/.aws`: an earlier step could otherwise
 * send the token elsewhere by `AWS_ENDPOINT_URL_STS`.
 */
export function unsignedClient(http: Http, request: StsTarget): STSClient {
  return new STSClient({
    region: request.region,
    endpoint: stsEndpoint(request).href,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    userAgentAppId: undefined,
    requestHandler: { handle: (outgoing: SdkRequest) => handle(http, outgoing) },
  });
}

/** What the SDK gives to its request handler. */
interface SdkRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
}

async function handle(http: Http, { protocol, hostname, port, path, headers, body }: SdkRequest) {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  const label = 'AWS STS';
  const { host: _host, ...sent } = headers; // the transport writes its own
  const response = await http.send(() => {
    return { method: 'POST', url, headers: sent, body: String(body), label, transient: isTransient };
  });
  const texts = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return {
    response: {
      statusCode: response.status,
      headers: Object.fromEntries(texts),
      body: Buffer.from(response.text),
    },
  };
}

/** STS answers 400 to what a later try may not meet. @see Common Errors (AWS STS API Reference) */
function isTransient({ status, text }: HttpResponse): string | undefined {
  const code = status === 400 ? /<Code>([A-Za-z]+)<\/Code>/.exec(text)?.[1] : undefined;
  return code !== undefined &&
    /^(IDPCommunicationError|Throttling|ThrottlingException|RequestLimitExceeded)$/.test(code)
    ? code
    : undefined;
}
