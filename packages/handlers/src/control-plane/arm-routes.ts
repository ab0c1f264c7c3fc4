/**
 * The control plane. An extension resource's path has no fixed depth, so one route takes every
 * path and reads it: an agent's call, a resource, or a collection.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import { pathOf } from '../http/create-app.ts';
import { decodeUtf8, parseJsonObject } from '../http/json.ts';
import { queryParameter, requireApiVersion } from '../http/query.ts';
import { guidOf } from '../identity/key-files.ts';
import type { ResourceFilter, StoredResource } from '../store/store.ts';
import { requireAdmin } from './admin-access.ts';
import { toAgentCall } from './agent-call.ts';
import { answerAgentCall } from './agent-configurations.ts';
import { decodePath, type ResourcePath, toResourcePath } from './resource-path.ts';
import { type ResourceType, renderResource, withoutReadOnly } from './resource-type.ts';
import { RESOURCE_TYPES } from './resource-types.ts';

/** A rule at every documented limit is a fifth of this. */
const BODY_BYTES_MAX = 1_048_576;

const RESOURCE_GROUP = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i;

export function registerControlPlane(app: FastifyInstance, context: HandlersContext): void {
  app.get('/ping', (_request, reply) => reply.type('text/plain').send('Healthy'));
  for (const url of ['/subscriptions/*', '/providers/*', '/locations/*']) {
    app.route({
      method: ['GET', 'PUT', 'DELETE', 'PATCH', 'POST'],
      url,
      bodyLimit: BODY_BYTES_MAX,
      exposeHeadRoute: false,
      handler: (request, reply) => answer(request, reply, context),
    });
  }
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const segments = decodePath(pathOf(request));
  const call = toAgentCall(segments);
  if (call !== undefined && request.method === 'GET') {
    return answerAgentCall(call, request, reply, context);
  }
  await requireAdmin(request, context);
  requireApiVersion(request);
  const path = toResourcePath(segments);
  const type = path && RESOURCE_TYPES.find((known) => known.owns(path.type));
  if (path !== undefined && type !== undefined) {
    return answerResource({ path, type, request, reply, context });
  }
  const parent = path?.type.toLowerCase().endsWith('/associations')
    ? toResourcePath(segments.slice(0, -1))
    : undefined;
  if (parent !== undefined) return answerAssociations(parent, request, reply, context);
  throw new ArmError('NotFound', `This server keeps no resource at '${pathOf(request)}'.`);
}

interface ResourceCall {
  readonly path: ResourcePath;
  readonly type: ResourceType;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly context: HandlersContext;
}

async function answerResource(call: ResourceCall): Promise<FastifyReply> {
  const { path, request } = call;
  if (path.name === undefined) {
    if (request.method === 'GET') return sendCollection(call);
  } else {
    const named = { ...call, path: { ...path, name: path.name } };
    if (request.method === 'GET') return sendResource(named);
    if (request.method === 'PUT') return putResource(named);
    if (request.method === 'DELETE') return deleteResource(named);
  }
  throw new ArmError('MethodNotAllowed', `'${path.id}' does not take ${request.method}.`, {
    headers: { allow: path.name === undefined ? 'GET' : 'GET, PUT, DELETE' },
  });
}

type NamedCall = ResourceCall & { readonly path: ResourcePath & { readonly name: string } };

async function sendResource({ path, type, reply, context }: NamedCall): Promise<FastifyReply> {
  const resource = await context.store.getResource(path.id);
  if (resource === undefined) throw notFound(`There is no resource '${path.id}'.`);
  return reply.send(renderResource(type, resource, context));
}

async function putResource(call: NamedCall): Promise<FastifyReply> {
  const { path, type, request, reply, context } = call;
  if (type.kind !== 'association' && !RESOURCE_GROUP.test(path.scope)) {
    throw new ArmError(
      'InvalidRequestUri',
      `A ${type.kind} lies in a resource group: /subscriptions/…/resourceGroups/…/providers/${path.type}/${path.name}`,
    );
  }
  const text = decodeUtf8((request.body as Buffer | undefined) ?? new Uint8Array());
  const body = withoutReadOnly(parseJsonObject(text));
  const existing = await context.store.getResource(path.id);
  const draft = await type.check({ path, text, body, existing }, context);
  const now = context.now();
  const { resource, isNew } = await context.store.putResource({
    kind: type.kind,
    id: path.id,
    name: path.name,
    scope: path.scope,
    ...(draft.target !== undefined && { target: draft.target }),
    immutableId: draft.immutableId,
    etag: guidOf(JSON.stringify(draft.body)),
    createdAtMs: now,
    updatedAtMs: now,
    body: JSON.stringify(draft.body),
  });
  await type.afterPut?.(resource, context);
  context.log.info({ id: resource.id, isNew }, `${type.kind} put`);
  return reply.code(isNew ? 201 : 200).send(renderResource(type, resource, context));
}

async function deleteResource(call: NamedCall): Promise<FastifyReply> {
  const { path, type, request, reply, context } = call;
  const resource = await context.store.getResource(path.id);
  if (resource === undefined) return reply.code(204).send();
  const deleteAssociations = queryParameter(request, 'deleteAssociations') === 'true';
  await type.beforeDelete?.(resource, context, { deleteAssociations });
  await context.store.deleteResource(path.id);
  context.log.info({ id: resource.id }, `${type.kind} deleted`);
  return reply.code(200).send();
}

async function sendCollection({ path, type, reply, context }: ResourceCall): Promise<FastifyReply> {
  // Associations hang on one resource; everything else is listed by group or subscription.
  const where = type.kind === 'association' ? { scope: path.scope } : { within: path.scope };
  return sendList(type, { kind: type.kind, ...where }, reply, context);
}

async function answerAssociations(
  parent: ResourcePath,
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const type = RESOURCE_TYPES.find(({ kind }) => kind === 'association');
  const resource = await context.store.getResource(parent.id);
  if (request.method !== 'GET' || type === undefined) {
    throw new ArmError('MethodNotAllowed', `'${pathOf(request)}' takes GET only.`);
  }
  if (resource === undefined) throw notFound(`There is no resource '${parent.id}'.`);
  return sendList(type, { kind: 'association', target: resource.id }, reply, context);
}

async function sendList(
  type: ResourceType,
  filter: ResourceFilter,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const resources: StoredResource[] = await context.store.listResources(filter);
  const value = resources.map((resource) => renderResource(type, resource, context));
  return reply.send({ value, nextLink: null });
}
