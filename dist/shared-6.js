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

// src/errors/service-refusal.ts
var ServiceRefusal = class extends Error {
  name = "ServiceRefusal";
  service;
  status;
  code;
  text;
  requestId;
  attempts;
  serverTime;
  constructor(service, details) {
    let { status, code = "", text = "", requestId, attempts, serverTime } = details;
    super(`${service} refused with status ${status}`), this.service = service, this.status = status, this.code = code, this.text = text, this.requestId = requestId, this.attempts = attempts, this.serverTime = serverTime;
  }
};

export {
  TransportError,
  ServiceRefusal
};
