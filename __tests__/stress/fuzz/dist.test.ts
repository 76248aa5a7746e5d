// `dist/` with hostile inputs and one hostile response: it always ends as documented.
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import fc from 'fast-check';
import { startJob } from '../../../emulator/runner/job.ts';
import { type Emulator, type Fault, type FaultOrder, startEmulator } from '../../../emulator/server/start.ts';
import { CODES } from '../../../src/errors/codes.ts';
import { INPUTS, type InputName } from '../../../src/inputs/schema.ts';
import { errorOf, leaks, logOf, QUICK, treeOf } from '../../e2e/journey.ts';
import { holds } from './fuzz.ts';
import { hostileText, mutated } from './hostile.ts';
import { RIGHT } from './input-values.ts';
import { jsonBody, xmlBody } from './responses.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const NAMES = Object.keys(INPUTS) as InputName[];
/** Not changed: inputs with a host or a file of this machine, and secrets that the emulator must know. */
const UNCHANGED: readonly InputName[] = [
  'domain-url',
  'aws-sts-endpoint',
  'verify',
  'verify-endpoint',
  'config-file',
  'client-secret',
  'aws-client-secret',
];
const changeable = NAMES.filter((name) => !UNCHANGED.includes(name));
const changes = fc
  .uniqueArray(fc.constantFrom(...changeable), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.record(
      Object.fromEntries(
        names.map((name) => [name, fc.oneof(hostileText, mutated(fc.constantFrom(...RIGHT[name])))]),
      ),
    ),
  )
  .map((all) =>
    Object.fromEntries(Object.entries(all).map(([name, text]) => [name, text.replaceAll('\0', '')])),
  );

const service = fc.constantFrom<FaultOrder['service'][]>('github', 'domain', 'domain', 'sts');
const faultOrder = service.chain((name) =>
  fc.record({
    service: fc.constant(name),
    after: fc.constantFrom(0, 1),
    fault: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(200, 200, 400, 401, 403, 404, 418, 429, 503),
      body: name === 'sts' ? xmlBody : jsonBody,
      contentType: fc.constantFrom('application/json', 'text/xml', 'text/html'),
    }) satisfies fc.Arbitrary<Fault>,
  }),
);

interface Case {
  inputs: Record<string, string>;
  order: FaultOrder | null;
  toAws: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  inputs: fc.oneof({ weight: 1, arbitrary: changes }, { weight: 2, arbitrary: fc.constant({}) }),
  order: fc.option(faultOrder, { freq: 6 }),
  toAws: fc.boolean(),
});

async function expectDocumentedEnd({ inputs, order, toAws }: Case): Promise<void> {
  emulator.faults.clear();
  if (order !== null) emulator.faults.add(order);
  const job = startJob({ env: emulator.env });
  try {
    const before = treeOf(job.home);
    const all = { ...emulator.inputs, ...(toAws && emulator.awsInputs), ...QUICK, ...inputs };
    const main = await job.main(all);
    expect([0, 1]).toContain(main.exitCode);
    expect(main.stderr).toBe('');
    if (main.exitCode === 1) {
      errorOf(main);
      expect(Object.keys(CODES)).toContain(main.outputs['failure-code']);
      expect(main.outputs['failure-code']).not.toBe('UNEXPECTED');
      expect(treeOf(job.home)).toEqual(before);
    }
    for (const command of logOf(main).matchAll(/^\s*(::[a-z-]*|##\[[a-z-]*)/gim))
      expect(['::error', '::warning', '::debug']).toContain(command[1]);
    const post = await job.post(main);
    expect([post.exitCode, post.stderr]).toEqual([0, '']);
    if (!/^false$/i.test((inputs['cleanup'] ?? '').trim())) {
      expect([treeOf(job.home), treeOf(job.workspace)]).toEqual([before, {}]);
      expect(Object.keys(treeOf(job.temp))).toEqual([]);
    }
    for (const stage of [main, post]) expect(leaks(stage, job, emulator.secrets())).toEqual([]);
  } finally {
    job.end();
  }
}

describe('the built action', () => {
  holds('ends as documented for any input and response', 200, cases, expectDocumentedEnd);
});
