// What makes Python reject a config. `__tests__/interop/config-faults.test.ts` compares the texts with Python itself.
import { describe, expect, it } from '@jest/globals';
import { adviseOnFaults, faultsOf } from '../../../src/profiles/ini-faults.ts';
import { FAULTY, READABLE } from './config-texts.ts';

describe('the faults of a config', () => {
  it.each(READABLE)('are none with %s', (_what, text) => {
    expect(faultsOf(text)).toEqual([]);
    expect(adviseOnFaults(text)).toBeUndefined();
  });

  it.each(FAULTY)('are found with %s', (_what, text, line, fault) => {
    expect(faultsOf(text)).toEqual([{ line, fault }]);
  });

  it('are all named once, with their lines', () => {
    expect(adviseOnFaults('a=1\n[P]\nb=1\nb=2\n# \xe4\n')).toBe(
      'cannot be read by the CLIs of OCI and AWS and by SDKs for Python: line 1 is before the first section, line 4 repeats b of [P], line 5 is not UTF-8. Correct the file',
    );
  });

  it('are counted when there are many', () => {
    expect(adviseOnFaults('a\n'.repeat(5))).toMatch(/line 3 is before the first section, and 2 more\. /);
  });
});
