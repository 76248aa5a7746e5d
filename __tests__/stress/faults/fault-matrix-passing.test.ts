// Faults that strike but once: the login succeeds at the second try. The check of the keys is never tried again.
import { passing, trySuite } from './fault-suite.ts';

trySuite('faults that pass', passing(['github', 'exchange', 'access-token', 'sts']));
