// The way to OCI: every fault at each endpoint, as long as it lasts.
import { lasting, trySuite } from './fault-suite.ts';

trySuite('faults that last, to OCI', lasting(['github', 'exchange']));
