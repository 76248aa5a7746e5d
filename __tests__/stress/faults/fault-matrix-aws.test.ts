// The way to AWS: every fault at each endpoint, as long as it lasts.
import { lasting, trySuite } from './fault-suite.ts';

trySuite('faults that last, to AWS', lasting(['access-token', 'keys', 'sts']));
