// The job that `setup` prints is one that the action accepts.
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { awsPart } from '../../../cli/setup/aws/part.ts';
import { awsSelectionFrom } from '../../../cli/setup/aws/selection.ts';
import { workflowSnippet } from '../../../cli/setup/snippet.ts';
import { inputFaults, usesIn } from '../../repo/workflow-text.ts';
import { select } from './fixtures.ts';

const AWS = awsSelectionFrom(
  { 'aws-account': '123456789012', 'aws-role': 'deploy' } as never,
  select().names,
);

it.each([
  ['an environment with a name that YAML would read otherwise', 'on: 7 #', undefined],
  ['a branch', undefined, undefined],
  ['a role of AWS', 'prod', AWS && awsPart(AWS, {} as never).inputs],
])('the job for %s has inputs that the action accepts', (_, environment, inputs = {}) => {
  const { deploy } = parse(workflowSnippet({ environment }, inputs)) as { deploy: Record<string, unknown> };
  expect(deploy['environment']).toBe(environment);
  expect(deploy['permissions']).toEqual({ contents: 'read', 'id-token': 'write' });
  expect(usesIn(deploy).flatMap(inputFaults)).toEqual([]);
  expect(usesIn(deploy)).toHaveLength(1);
  expect(Object.keys(usesIn(deploy)[0]?.with ?? {}).length).toBe(5 + Object.keys(inputs).length);
});
