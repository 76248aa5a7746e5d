// The way to AWS: every fault at each endpoint, as long as it lasts.
import { lasting, runSuite } from './fault-suite.ts';

runSuite('faults that last, to AWS', lasting(['access-token', 'sts']));
