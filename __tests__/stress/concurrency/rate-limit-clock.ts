// Time that passes only while everybody sleeps: minutes of waiting in no time, and in the same order at every run.
import type { Clock } from '../../../src/ports.ts';

interface Sleeper {
  until: number;
  wake: () => void;
}

/** One sleeper is awake at a time, from being woken until it sleeps again or its work ends. */
export class VirtualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #goOn: () => void = () => {};

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake });
      this.#goOn();
    });
  }

  /** Runs these side by side to their end; each begins after its delay. */
  async run(works: readonly { delay: number; work: () => Promise<void> }[]): Promise<void> {
    const running = works.map(async ({ delay, work }) => {
      await this.sleep(delay);
      await work().finally(() => this.#goOn());
    });
    for (let next = this.#takeNext(); next !== undefined; next = this.#takeNext()) {
      const { wake } = next;
      const asleepAgain = new Promise<void>((resolve) => {
        this.#goOn = resolve;
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

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
