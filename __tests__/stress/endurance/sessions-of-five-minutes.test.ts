import { it } from '@jest/globals';
import { expectNoRefusalIn, TIME_LIMIT_MS } from './long-job.ts';
import { SESSIONS_OF_FIVE_MINUTES } from './worlds.ts';

it(
  'a job of three hours has no request refused when sessions end with the token that was exchanged',
  () => expectNoRefusalIn(SESSIONS_OF_FIVE_MINUTES),
  TIME_LIMIT_MS,
);
