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
  /** For `util.inspect`, which `console.log` uses. */
  [/* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom")]() {
    return REDACTED;
  }
};

export {
  Secret
};
