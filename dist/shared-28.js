// src/secret.ts
var REDACTED = "[redacted]";
function isMaskable(text) {
  return text.trim().length >= 4;
}
var Secret = class {
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
  isMaskable,
  Secret
};
