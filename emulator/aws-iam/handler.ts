import type { EmulatorRequest, EmulatorResponse } from '../server/message.ts';
import { serviceError } from '../server/refusal.ts';
import type { World } from '../server/world.ts';
import { awsIamError, refuse } from './responses.ts';

export async function handleAwsIam(request: EmulatorRequest, world: World): Promise<EmulatorResponse> {
  return awsIamError(serviceError(refuse('unavailable'), world), request.requestId);
}
