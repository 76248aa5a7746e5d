/** `npm run endurance`: a job of ten hours in ten minutes, most of them waiting. */
import stress from '../jest.config.js';

export default {
  ...stress,
  rootDir: '../../..',
  testMatch: ['<rootDir>/__tests__/stress/endurance/**/*.test.ts'],
  testPathIgnorePatterns: [],
};
