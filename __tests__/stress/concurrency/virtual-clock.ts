// Virtual time, which passes only while every job sleeps. Each run has the same order.
import type { Clock } from '../../../src/ports.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** Runs one sleeper at a time, until it sleeps again or its work ends. */
export class VirtualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #continue: () => void = () => {};

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake });
      this.#continue();
    });
  }

  /** Runs all works to their end. Each starts after its delay. */
  async run(works: readonly { delay: number; work: () => Promise<void> }[]): Promise<void> {
    const running = works.map(async ({ delay, work }) => {
      await this.sleep(delay);
      await work().finally(() => this.#continue());
    });
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
      const { wake } = next;
      const asleepAgain = new Promise<void>((resolve) => {
        this.#continue = resolve;
      });
      wake();
      await asleepAgain;
    }
    await Promise.all(running);
  }

  #takeNext(): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (next === undefined || sleeper.until < next.until) next = sleeper;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next);
    this.#now = next?.until ?? this.#now;
    return next;
  }
}

/** Returns a generator of numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
