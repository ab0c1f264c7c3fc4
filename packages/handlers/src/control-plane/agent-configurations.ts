/**
 * `GET …/agentConfigurations` and `…/issueIngestionToken`: what an agent is told, and the tokens
 * for where it is told to send. Rules are not filtered by their `kind`: agents of this project
 * run anywhere, and one on Linux may well read .evtx files for a rule of kind Windows.
 */
import { createHash } from 'node:crypto';
import type { AgentConfiguration, ConfigurationContent } from '@dcr-agent/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import { queryParameter, requireApiVersion } from '../http/query.ts';
import { requireMachine } from '../identity/machine-access.ts';
import type { StoredResource } from '../store/store.ts';
import type { AgentCall } from './agent-call.ts';
import { ENDPOINT_ASSOCIATION } from './associations.ts';
import { type ConfiguredFor, configureStoredRule } from './configure-stored-rule.ts';
import { endpointAddress } from './endpoints.ts';

export async function answerAgentCall(
  call: AgentCall,
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  requireApiVersion(request);
  await requireMachine(request, call.machineId, context);
  const associations = await context.store.listResources({
    kind: 'association',
    scope: call.machineId,
  });
  await refuseMisdirected(associations, request, context);
  const rules = await associatedRules(associations, call, context);
  const target = {
    machineId: associations[0]?.scope ?? call.machineId,
    region: call.region ?? queryParameter(request, 'operatingLocation') ?? context.region,
    platform: platformOf(request),
  };
  return call.channel === undefined
    ? sendConfigurations(rules, target, request, reply, context)
    : sendToken(rules, call.channel, target, reply, context);
}

function platformOf(request: FastifyRequest): string {
  const platform = queryParameter(request, 'platform')?.toLowerCase() ?? 'linux';
  if (platform === 'linux' || platform === 'windows') return platform;
  throw new ArmError(
    'InvalidParameter',
    `The platform '${platform.slice(0, 40)}' is not known; write 'linux' or 'windows', or leave it out.`,
  );
}

/** A machine told to use another endpoint gets nothing here, tokens included. */
async function refuseMisdirected(
  associations: readonly StoredResource[],
  request: FastifyRequest,
  context: HandlersContext,
): Promise<void> {
  const reserved = associations.find(
    ({ name }) => name.toLowerCase() === ENDPOINT_ASSOCIATION.toLowerCase(),
  );
  const endpoint = reserved?.target && (await context.store.getResource(reserved.target));
  if (!endpoint) return;
  const address = endpointAddress(endpoint, 'configurationAccess', context);
  // A server goes by several names; sending a caller to the one it used would never end.
  const names = [new URL(context.url()).host, request.host];
  if (names.includes(new URL(address).host)) return;
  throw new ArmError(
    'MisdirectedAgentRequest',
    `Agent configuration needs to be acquired from '${address}' endpoint which was configured for this resource.`,
    { headers: { 'x-ms-agent-config-endpoint': address } },
  );
}

async function associatedRules(
  associations: readonly StoredResource[],
  call: AgentCall,
  { store }: HandlersContext,
): Promise<StoredResource[]> {
  const rules = new Map<string, StoredResource>();
  for (const { target } of associations) {
    const rule = target === undefined ? undefined : await store.getResource(target);
    if (rule?.kind === 'rule') rules.set(rule.immutableId, rule);
  }
  if (rules.size > 0) return [...rules.values()];
  throw notFound(
    `No data collection rule is associated with '${call.machineId}'; associate one, e.g. with: dcr-handler attach RULE.json --machine ${call.machineId}`,
  );
}

async function sendConfigurations(
  rules: readonly StoredResource[],
  target: ConfiguredFor,
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const configurations: AgentConfiguration[] = [];
  for (const rule of effectiveRules(rules, context)) {
    configurations.push((await configureStoredRule(rule, context, target)).configuration);
  }
  const body = JSON.stringify({ configurations });
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  reply.header('etag', etag);
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type('application/json').send(body);
}

/** At most one rule of agent settings applies: the newest. Rules come in order of creation. */
function effectiveRules(
  rules: readonly StoredResource[],
  context: HandlersContext,
): readonly StoredResource[] {
  const isSettings = (rule: StoredResource) =>
    context.rules.rule(rule).kind?.toLowerCase() === 'agentsettings';
  const byAge = rules.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const newest = byAge.findLast(isSettings);
  return byAge.filter((rule) => rule === newest || !isSettings(rule));
}

/** RFC 9110 §13.1.2: weak comparison, a list, or any. */
function matches(header: string | undefined, etag: string): boolean {
  const wanted = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return wanted.includes(etag) || wanted.includes('*');
}

async function sendToken(
  rules: readonly StoredResource[],
  wanted: NonNullable<AgentCall['channel']>,
  target: ConfiguredFor,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const rule = rules.find(({ immutableId }) => immutableId === wanted.ruleId.toLowerCase());
  if (rule === undefined) {
    throw notFound(`Rule '${wanted.ruleId}' is not associated with '${target.machineId}'.`);
  }
  const { configuration } = await configureStoredRule(rule, context, target);
  const { content } = configuration;
  const channel =
    content.kind === undefined ? content.channels.find(({ id }) => id === wanted.id) : undefined;
  if (channel === undefined || content.kind !== undefined) {
    throw notFound(`Rule '${wanted.ruleId}' has no channel '${wanted.id}'.`);
  }
  const token = await context.ingestionTokens.issue({
    ruleId: rule.immutableId,
    channelId: channel.id,
    machineId: target.machineId,
    region: target.region,
    solutions: solutionsOf(content, channel.id),
    ...(channel.protocol === 'ods' && { workspaceId: channel.id.replace(/^ods-/, '') }),
  });
  // Half its life: a token fetched in time is good however long the answer is kept.
  const maxAge = Math.floor(context.ingestionTokens.lifetimeSeconds / 2);
  return reply
    .header('cache-control', `private, max-age=${maxAge}`)
    .send({ configurationId: rule.immutableId, ingestionAuthToken: token });
}

function solutionsOf(content: ConfigurationContent, channelId: string): string[] {
  const solutions = content.dataSources
    .filter((source) => source.sendToChannels.includes(channelId))
    .flatMap((source) => source.streams.map(({ solution }) => solution));
  // Every workspace also takes the agent's sign of life.
  return [...new Set(['LogManagement', ...solutions])].filter((name) => name !== undefined);
}
