// src/secret.ts
var REDACTED = "[redacted]", Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  reveal() {
    return this.#value;
  }
  toString() {
    return REDACTED;
  }
  toJSON() {
    return REDACTED;
  }
  /** Node's `util.inspect`, and with it `console.log`, asks for this symbol. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return REDACTED;
  }
};

export {
  Secret
};
