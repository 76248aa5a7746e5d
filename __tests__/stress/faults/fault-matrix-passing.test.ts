// Faults of the first request only: the login succeeds with the second attempt.
import { passing, runSuite } from './fault-suite.ts';

runSuite('faults that pass', passing(['github', 'exchange', 'access-token', 'sts']));
