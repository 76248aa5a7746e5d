// An Http without a network: it records requests and responds as given. It does not retry.
import type { Http, HttpRequest, HttpResponse } from '../../src/ports.ts';

type Stubbed = Partial<HttpResponse> | Error;

/** @param respond one response for all requests, or a response for each */
export function stubHttp(respond: Stubbed | ((request: HttpRequest) => Stubbed)) {
  const sent: HttpRequest[] = [];
  const http: Http = {
    send: async (request) => {
      sent.push(request);
      const response = typeof respond === 'function' ? respond(request) : respond;
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, text: '', ...response };
    },
    retry: (_call, attempt) => attempt(),
  };
  return { http, sent };
}

export const responseOf = (
  status: number,
  text = '',
  headers: HttpResponse['headers'] = {},
): HttpResponse => ({
  status,
  text,
  headers,
});
