/** May the bearer of this request speak for this machine? */
import type { FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { isSameId } from '../control-plane/resource-path.ts';
import { ArmError } from '../http/arm-error.ts';
import { bearerToken } from '../http/bearer.ts';

/**
 * Resolves when the token belongs to the machine: by its own identity (`xms_mirid`), or by a
 * user-assigned one used on it (`xms_az_rid`). Throws a 401, or 403 `InvalidResourceId`.
 */
export async function requireMachine(
  request: FastifyRequest,
  machineId: string,
  context: HandlersContext,
): Promise<void> {
  const token = bearerToken(request.headers.authorization, "the machine's access token");
  const ids = await context.machineTokens.verify(token);
  if (ids.some((id) => isSameId(id, machineId))) return;
  throw new ArmError(
    'InvalidResourceId',
    `The access token belongs to '${ids[0] ?? 'no resource'}', the request is about '${machineId}'; use the token of that machine's own identity.`,
  );
}
