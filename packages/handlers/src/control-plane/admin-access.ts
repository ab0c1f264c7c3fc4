/** Administration takes one token, which lies in the data directory. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { ArmError } from '../http/arm-error.ts';
import { bearerToken, unauthenticated } from '../http/bearer.ts';

const WANTED = "the admin token (file 'admin.token' of the server's data directory)";

/** Throws 401 without the admin token, 403 for a machine's. */
export async function requireAdmin(
  request: FastifyRequest,
  context: HandlersContext,
): Promise<void> {
  const token = bearerToken(request.headers.authorization, WANTED);
  if (timingSafeEqual(digest(token), digest(context.adminToken))) return;
  if (await isMachineToken(token, context)) {
    throw new ArmError(
      'AuthorizationFailed',
      `A machine's token cannot administer this server; send ${WANTED}.`,
    );
  }
  throw unauthenticated(
    'InvalidAuthenticationToken',
    `The bearer token is not accepted; send ${WANTED}.`,
  );
}

async function isMachineToken(token: string, context: HandlersContext): Promise<boolean> {
  const attempts = [context.machineTokens.verify(token), context.ingestionTokens.verify(token)];
  return (await Promise.allSettled(attempts)).some(({ status }) => status === 'fulfilled');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
