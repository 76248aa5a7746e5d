// At which calls a run of the command is killed.
import type { Call, Plan } from '../crashes/fault-hook.ts';

/**
 * Before the first change, after each response, and when a program was started. What lies between, the journal, is no input of the
 * next run.
 */
export function crashPlans(calls: readonly Call[]): Plan[] {
  const isFile = ({ path }: Call) => path.includes('.oci-wif');
  const changing = calls.slice(calls.findIndex(isFile), calls.findLastIndex(isFile));
  const sent = changing.filter(
    ({ call }, index) => call === 'spawn' || (call === 'request' && !opensTunnel(changing, index)),
  );
  const [first] = sent;
  return [
    ...(first === undefined ? [] : [{ at: first.n }]),
    ...sent.map(({ n }) => ({ at: n, when: 'after' as const })),
  ];
}

/** The request to the proxy, before each request to a service. Both have the path `/` for AWS. */
function opensTunnel(calls: readonly Call[], index: number): boolean {
  const before = calls.slice(0, index).filter(({ call }) => call === 'request');
  return calls[index]?.path === '/' && before.length % 2 === 0;
}

export function describeCrash({ at, when = 'before' }: Plan, calls: readonly Call[]): string {
  const call = calls.find(({ n }) => n === at);
  return `killed ${when} call ${at}, ${call?.call} ${call?.path}`;
}
