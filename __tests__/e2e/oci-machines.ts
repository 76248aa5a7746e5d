// Journeys on the machines on which a job has an identity of OCI. The trust has no OAuth clients, as signed exchanges need it.
import { afterEach } from '@jest/globals';
import type { JobOptions } from '../../emulator/runner/job.ts';
import { INSTANCE_HOSTS, type Machine, startInstance, startPod } from '../../emulator/runner/oci-machines.ts';
import type { Emulator, EmulatorOptions } from '../../emulator/server/start.ts';
import { type Journey, startJourney } from './journey.ts';

const RESOURCE_TYPE = 'github-acme';

/** Inputs for a resource session, whose exchange this machine signs. Each replaces one of `emulator.inputs`. */
export function signedInputs(mode: 'instance-principal' | 'oke-workload-identity'): Record<string, string> {
  return {
    'client-auth': mode,
    'client-id': '',
    'client-secret': '',
    'token-type': 'rpst',
    'resource-type': RESOURCE_TYPE,
  };
}

/** Settings of a domain that admits signers alone. */
export const TRUST_OF_SIGNERS = {
  trusts: [{ oauthClients: [], subjectType: 'Resource' as const, impersonatingResource: RESOURCE_TYPE }],
};

type Options = EmulatorOptions & { job?: JobOptions };

/** The same for sessions of a user, which the domain permits here: whether a real one does is unknown. */
export const TRUST_OF_SIGNERS_FOR_USERS = { trusts: [{ oauthClients: [] }], upstBySignature: true };

const machines: Machine[] = [];

afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.end();
});

async function startOn(
  start: (emulator: Emulator) => Promise<Machine>,
  { world, job, ...options }: Options,
): Promise<Journey> {
  const settings = { ...TRUST_OF_SIGNERS, ...world };
  const journey = await startJourney({ hosts: INSTANCE_HOSTS, ...options, world: settings });
  const machine = await start(journey.emulator);
  machines.push(machine);
  return { ...journey, ...journey.nextJob({ ...job, env: { ...job?.env, ...machine.env } }) };
}

export function startOnInstance(options: Options = {}): Promise<Journey> {
  return startOn(startInstance, options);
}

export function startInPod(options: Options = {}): Promise<Journey> {
  return startOn(startPod, options);
}
