/** Who may send where. Checked before a body is read: strangers cost no memory. */
import type { FastifyRequest } from 'fastify';
import { decodeProtectedHeader } from 'jose';
import type { HandlersContext } from '../context.ts';
import { isSameId } from '../control-plane/resource-path.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import { bearerToken } from '../http/bearer.ts';
import type { VerifiedIngestionToken } from '../identity/ingestion-tokens.ts';
import type { StoredResource } from '../store/store.ts';

/** The channel of an ODS request. Throws 401, 403, or 404 for a workspace that is gone. */
export async function requireOdsChannel(
  request: FastifyRequest,
  context: HandlersContext,
): Promise<VerifiedIngestionToken> {
  const token = bearerToken(request.headers.authorization, 'an ingestion token');
  const channel = await context.ingestionTokens.verify(token);
  const workspaceId = (request.params as { workspaceId: string }).workspaceId.toLowerCase();
  if (channel.workspaceId !== workspaceId) {
    throw new ArmError(
      'AuthorizationFailed',
      `The token is for ${channel.workspaceId === undefined ? 'no workspace' : `workspace ${channel.workspaceId}`}, the request for ${workspaceId}; use the token of this channel.`,
    );
  }
  requireOwnResource(request, channel.machineId);
  if ((await context.store.findResource('workspace', workspaceId)) === undefined) {
    throw notFound(`There is no workspace ${workspaceId} here.`);
  }
  await requireRule(channel, context);
  return channel;
}

/** A token outlives its rule; the rule decides. Another server's rules are not known here. */
async function requireRule(
  channel: VerifiedIngestionToken,
  { store }: HandlersContext,
): Promise<void> {
  if (!channel.isOwn || (await store.findResource('rule', channel.ruleId)) !== undefined) return;
  throw new ArmError(
    'AuthorizationFailed',
    `Rule ${channel.ruleId} of this token no longer exists; fetch the configuration again.`,
  );
}

/** Stricter than the service: rows cannot be written in another machine's name. */
function requireOwnResource(request: FastifyRequest, machineId: string): void {
  const claimed = request.headers['x-ms-azureresourceid'];
  if (claimed === undefined || isSameId(String(claimed), machineId)) return;
  throw new ArmError(
    'InvalidResourceId',
    `The token belongs to '${machineId}', the x-ms-AzureResourceId header says '${String(claimed)}'.`,
  );
}

export interface LogsIngestionAccess {
  readonly rule: StoredResource;
  /** ARM id of the sender. */
  readonly machineId: string;
  /** Sent through the rule's own channel, not with the machine's token. */
  readonly isChannel: boolean;
}

/** The rule of a Logs Ingestion request. Throws 401, 403, or 404 for an unknown rule. */
export async function requireLogsIngestion(
  request: FastifyRequest,
  context: HandlersContext,
): Promise<LogsIngestionAccess> {
  const token = bearerToken(
    request.headers.authorization,
    "the channel's ingestion token or the machine's access token",
  );
  const ruleId = (request.params as { ruleId: string }).ruleId.toLowerCase();
  const access = isIngestionToken(token)
    ? await channelAccess(token, ruleId, context)
    : { ids: await context.machineTokens.verify(token) };
  const rule = await context.store.findResource('rule', ruleId);
  if (rule === undefined) throw notFound(`There is no data collection rule '${ruleId}' here.`);
  if ('machineId' in access) {
    requireOwnResource(request, access.machineId);
    return { rule, machineId: access.machineId, isChannel: true };
  }
  return { rule, machineId: await associatedId(access.ids, rule, context), isChannel: false };
}

/** Only tells the two apart; neither is trusted before it is verified. */
function isIngestionToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).alg === 'HS256';
  } catch {
    return false;
  }
}

async function channelAccess(
  token: string,
  ruleId: string,
  context: HandlersContext,
): Promise<{ machineId: string }> {
  const channel = await context.ingestionTokens.verify(token);
  if (channel.ruleId === ruleId && channel.workspaceId === undefined) return channel;
  throw new ArmError(
    'AuthorizationFailed',
    `The token is for channel '${channel.channelId}' of rule ${channel.ruleId}, the request for rule ${ruleId}; use the token of this channel.`,
  );
}

async function associatedId(
  ids: readonly string[],
  rule: StoredResource,
  { store }: HandlersContext,
): Promise<string> {
  for (const id of ids) {
    const own = await store.listResources({ kind: 'association', scope: id });
    const association = own.find(({ target }) => target !== undefined && isSameId(target, rule.id));
    if (association !== undefined) return association.scope;
  }
  throw new ArmError(
    'OperationFailed',
    `The identity '${ids[0] ?? 'unknown'}' is not authorized to send to data collection rule '${rule.immutableId}'; associate the machine with the rule.`,
  );
}
