// How long a request is repeated that names a new object. The clock is virtual.
import { describe, expect, it } from '@jest/globals';
import { CommandError } from '../../../cli/failure.ts';
import { untilKnown } from '../../../cli/setup/until-known.ts';

const refusal = (serviceCode: string, serviceText: string) =>
  new CommandError('SERVICE_REFUSED', 'refused.', { status: 400, serviceCode, serviceText });

const UNKNOWN_USER = refusal('error.common.validation.invalidReferenceResource', 'no such user');
const UNKNOWN_GROUP = refusal(
  'InvalidParameter',
  'The group ours specified in the policy statement does not exist under current compartment hierarchy.',
);

/** Fails `times` times. */
async function repeat(error: CommandError, times: number, name?: string) {
  let [now, attempts] = [0, 0];
  const clock = {
    now: () => now,
    async sleep(milliseconds: number) {
      now += milliseconds;
    },
  };
  const attempt = async () => {
    attempts += 1;
    if (attempts <= times) throw error;
    return 'done';
  };
  const result = await untilKnown(clock, () => {})(attempt, name).catch((thrown: unknown) => thrown);
  return { result, attempts, seconds: now / 1000 };
}

describe('a request that names a new object', () => {
  it.each([
    ['a domain', UNKNOWN_USER],
    ['IAM', UNKNOWN_GROUP],
  ])('is repeated until %s knows it', async (_service, error) => {
    expect(await repeat(error, 3)).toEqual({ result: 'done', attempts: 4, seconds: 7 });
  });

  it('is given up after two minutes', async () => {
    const { result, seconds } = await repeat(UNKNOWN_USER, Number.POSITIVE_INFINITY);
    expect(result).toBe(UNKNOWN_USER);
    expect(seconds).toBeGreaterThan(100);
    expect(seconds).toBeLessThanOrEqual(120);
  });

  it('is not repeated for another error', async () => {
    expect((await repeat(refusal('error.common.validation.maxSize', 'too many'), 1)).attempts).toBe(1);
  });

  it('is not repeated when the unknown object is that of somebody else', async () => {
    expect((await repeat(UNKNOWN_GROUP, 1, 'ours')).attempts).toBe(2);
    expect((await repeat(UNKNOWN_GROUP, 1, 'theirs')).attempts).toBe(1);
  });
});
