const REDACTED = '[redacted]';

/** The runner replaces a mask everywhere in the log: a mask of a few letters would make it unreadable. */
export function isMaskable(text: string): boolean {
  return text.trim().length >= 4;
}

/**
 * A string that template literals, JSON and `console.log` show as `[redacted]`.
 * Call `reveal()` only to send the value, to write it to a file, or to mask it.
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

  /** For `util.inspect`, which `console.log` uses. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
