/** The job of ten hours: ten minutes, nearly all of them waiting. `npm run endurance`, and a table of figures. */
import stress from '../jest.config.js';

export default {
  ...stress,
  rootDir: '../../..',
  testMatch: ['<rootDir>/__tests__/stress/endurance/**/*.test.ts'],
  testPathIgnorePatterns: [],
};
