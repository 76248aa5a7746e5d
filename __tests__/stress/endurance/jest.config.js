/** `npm run endurance`: two long jobs at the same time, ten minutes, most of them waiting. */
import stress from '../jest.config.js';

export default {
  ...stress,
  rootDir: '../../..',
  testMatch: ['<rootDir>/__tests__/stress/endurance/**/*.test.ts'],
  testPathIgnorePatterns: [],
};
