import {
  parseObject,
  quoteRefusal,
  requestIdFrom,
  serverTimeOf,
  toText
} from "./shared-27.js";

// src/errors/service-refusal.ts
var ServiceRefusal = class extends Error {
  name = "ServiceRefusal";
  service;
  status;
  /** The service's own error code; '' without one. */
  code;
  /** The service's own words, without secrets and runner commands; '' without any. */
  text;
  requestId;
  /** See `HttpResponse`. */
  attempts;
  /** The service's clock, milliseconds since the epoch. */
  serverTime;
  constructor(service, details) {
    super(`${service} refused with status ${details.status}`), this.service = service, this.status = details.status, this.code = details.code ?? "", this.text = details.text ?? "", this.requestId = details.requestId, this.attempts = details.attempts, this.serverTime = details.serverTime;
  }
};
function apiRefusal(service, response, secrets) {
  let { status, text: body, attempts } = response, members = parseObject(body), code = toText(members?.code);
  return new ServiceRefusal(service, {
    status,
    code,
    text: quoteRefusal(code, members?.message, secrets),
    requestId: requestIdFrom(response, "opc-request-id"),
    attempts,
    serverTime: serverTimeOf(response)
  });
}

// src/errors/transport-error.ts
var TransportError = class extends Error {
  name = "TransportError";
  failure;
  /** True when the deadline of the step ended the attempts, not their number. */
  outOfTime;
  constructor(failure, message, outOfTime = !1) {
    super(message), this.failure = failure, this.outOfTime = outOfTime;
  }
};

export {
  ServiceRefusal,
  apiRefusal,
  TransportError
};
