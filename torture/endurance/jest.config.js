/** The job of ten hours: ten minutes, nearly all of them waiting. `npm run endurance`, and a table of figures. */
import torture from '../jest.config.js';

export default {
  ...torture,
  rootDir: '../..',
  testMatch: ['<rootDir>/torture/endurance/**/*.test.ts'],
  testPathIgnorePatterns: [],
};
