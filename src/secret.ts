// A string that cannot be printed by accident. Knows nothing of what it holds or where it goes.

const REDACTED = '[redacted]';

/**
 * Wraps a secret so that templates, JSON and `console.log` show `[redacted]`.
 * `reveal()` is called only where the bytes must leave: the wire, a file, a mask.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  /** Node's `util.inspect`, and with it `console.log`, asks for this symbol. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
