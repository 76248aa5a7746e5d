import { it } from '@jest/globals';
import { expectNoRefusalIn, TIME_LIMIT_MS } from './long-job.ts';
import { SESSIONS_OF_AN_HOUR } from './worlds.ts';

it(
  'a job of ten hours has no request refused, and its refresher stays small',
  () => expectNoRefusalIn(SESSIONS_OF_AN_HOUR),
  TIME_LIMIT_MS,
);
