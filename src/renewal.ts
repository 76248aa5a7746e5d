// One renewal, in a process of its own: takes the order from its input, and says on its output what came of it.
import { toActionError } from './errors/action-error.ts';
import { systemClock as clock } from './node/clock.ts';
import { nodeFiles as files } from './node/files.ts';
import { createHttp } from './node/http.ts';
import { createLock } from './node/lock.ts';
import { proxiesBy } from './node/proxy.ts';
import { INSTRUCTIONS, put, readInstructions } from './node/worker.ts';
import { renew } from './refresh/renew.ts';
import { resultLine } from './refresh/result.ts';
import { type ChargeName, readOrder } from './refresh/spec.ts';

const order = readOrder(readInstructions(INSTRUCTIONS));
const { timeoutMs, ...limits } = order.policy;
const http = createHttp({
  policy: { ...limits, deadline: clock.now() + timeoutMs },
  clock,
  log: (text) => put(resultLine({ log: text })),
  proxyFor: proxiesBy(() => {}), // what it would mask does not come out here
});
try {
  const disk = { files, clock, lock: createLock(clock) };
  put(resultLine(await renew({ http, disk }, order, process.argv[2] as ChargeName)));
} catch (error) {
  const { code, message, requestId } = toActionError(error);
  const id = requestId === undefined ? '' : ` Request id: ${requestId}.`;
  put(resultLine({ text: `${code}: ${message}${id}` }));
}
