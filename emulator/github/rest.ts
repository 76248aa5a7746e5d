import type { EmulatorRequest, EmulatorResponse } from '../server/message.ts';
import { serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { refuse, restError } from './rest-responses.ts';

export async function handleGithubApi(_request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  return restError(serviceError(refuse('notFound'), world));
}
