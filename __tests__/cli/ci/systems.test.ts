// How a job of each CI system is recognised, by the variables of the emulated jobs.
import { describe, expect, it } from '@jest/globals';
import { CI_SYSTEMS, ciJob, systemsIn } from '../../../cli/ci/systems.ts';

const envOf = (variables: Record<string, string>) => (name: string) => variables[name];

describe('systemsIn', () => {
  it('counts Forgejo once, although it sets the variables of GitHub', () => {
    expect(systemsIn(envOf({ GITHUB_ACTIONS: 'true', FORGEJO_ACTIONS: 'true' }))).toEqual(['forgejo']);
  });

  it('ignores variables that are empty, 0 or false', () => {
    expect(systemsIn(envOf({ GITLAB_CI: '', CIRCLECI: 'false', BUILDKITE: '0' }))).toEqual([]);
  });

  it.each(Object.values(CI_SYSTEMS))('finds $name by each of its variables', ({ id, signs }) => {
    for (const sign of signs) expect(systemsIn(envOf({ [sign]: 'x' }))).toEqual([id]);
  });
});

describe('ciJob', () => {
  it('is undefined outside a CI system', () => {
    expect(ciJob(envOf({ CI: 'true', WORKSPACE: '/a' }))).toBeUndefined();
  });

  it.each(Object.values(CI_SYSTEMS))(
    'differs with each variable of a job of $name',
    ({ signs, job, checkout }) => {
      const base = { [signs[0]]: 'true', ...(checkout && { [checkout]: '/checkout' }) };
      const jobs = [base, ...job.map((name) => ({ ...base, [name]: 'other' }))].map((one) =>
        ciJob(envOf(one)),
      );
      const distinct = new Set(jobs.map((one) => one?.job));
      // The first variable of HCP Terraform is that of the job.
      expect(distinct.size).toBe(job.length + 1);
      expect(jobs[0]?.checkout).toBe(checkout && '/checkout');
    },
  );

  it('expands the home directory in the checkout of CircleCI', () => {
    const variables = { CIRCLECI: 'true', CIRCLE_WORKING_DIRECTORY: '~/project', HOME: '/home/circleci' };
    expect(ciJob(envOf(variables))?.checkout).toBe('/home/circleci/project');
  });
});
