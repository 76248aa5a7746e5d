/** Runs all, then throws the first error: one obstacle must not stop the rest of a clean-up. */
export function tryEach(work: readonly (() => void)[]): void {
  const errors = work.flatMap((one) => {
    try {
      one();
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (errors.length > 0) throw errors[0];
}
