/**
 * The Logs Ingestion API, and the channel of a rule that has the same form.
 * Source: Azure REST API specification, data-plane ingestion 2023-01-01; limits from Azure
 * Monitor service limits, "Logs ingestion API", read 2026-11.
 */
import type { Json } from '@dcr-agent/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { ArmError, notFound } from '../http/arm-error.ts';
import { decodeUtf8, isJsonObject, type JsonObject, parseJsonDigits } from '../http/json.ts';
import { requireApiVersion } from '../http/query.ts';
import { arrivalOf } from './arrival.ts';
import { type LogsIngestionAccess, requireLogsIngestion } from './ingestion-access.ts';
import { readBody, requireContentType } from './read-body.ts';
import { shapeOf } from './shapes/shapes.ts';
import { storeRows, type TableTarget } from './store-rows.ts';
import { routeStream, type StreamRoute } from './stream-route.ts';

/** One call, packed and unpacked. */
const BODY_BYTES_MAX = 1_048_576;

export function registerLogsIngestion(app: FastifyInstance, context: HandlersContext): void {
  void app.register((scope, _options, done) => {
    scope.decorateRequest('access', null);
    scope.addHook('onRequest', async (request) => {
      request.setDecorator('access', await requireLogsIngestion(request, context));
    });
    scope.post(
      '/dataCollectionRules/:ruleId/streams/:stream',
      { bodyLimit: BODY_BYTES_MAX },
      (request, reply) => receive(request, reply, context),
    );
    done();
  });
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const receivedAtMs = context.now();
  const access = request.getDecorator<LogsIngestionAccess>('access');
  requireApiVersion(request);
  requireContentType(request, 'application/json', { optional: false });
  const { stream } = request.params as { stream: string };
  const rule = context.rules.rule(access.rule);
  const route = routeStream(rule, stream, { channelOnly: access.isChannel });
  const body = await readBody(request, { maxBytes: BODY_BYTES_MAX, encodings: ['gzip'] });
  const items = requireItems(parseJsonDigits(decodeUtf8(body)));
  const targets = await targetsOf(route, context);
  const origin = { resourceId: access.machineId, clientAddress: request.ip };
  const shape = route.blobType === undefined ? undefined : shapeOf(route.blobType);
  await storeRows(
    shape === undefined ? items : items.flatMap((item) => shape(item, origin)),
    targets,
    arrivalOf(request, access.machineId, body, receivedAtMs),
    context,
    context,
  );
  return reply.code(204).send();
}

function requireItems(body: Json): readonly JsonObject[] {
  if (!Array.isArray(body)) throw refuse('The body must be a JSON array, even for one record.');
  const wrong = body.findIndex((item) => !isJsonObject(item));
  if (wrong >= 0) throw refuse(`Record ${wrong} must be an object.`);
  return body;
}

function refuse(message: string): ArmError {
  return new ArmError('InvalidRequestContent', `${message} Nothing was stored.`);
}

/** A workspace that is not here is left out, as it is in the agent's configuration. */
async function targetsOf(route: StreamRoute, context: HandlersContext): Promise<TableTarget[]> {
  const targets: TableTarget[] = [];
  for (const { workspaceResourceId, table, columns } of route.outputs) {
    const workspace = await context.store.getResource(workspaceResourceId);
    if (workspace?.kind === 'workspace') {
      targets.push({ workspaceId: workspace.immutableId, table, columns });
    } else {
      context.log.warn({ workspace: workspaceResourceId, table }, 'rows for an unknown workspace');
    }
  }
  if (targets.length > 0) return targets;
  const names = route.outputs.map(({ workspaceResourceId }) => workspaceResourceId).join(', ');
  throw notFound(
    `None of the workspaces of this stream exist here (${names || 'the rule names none'}). Nothing was stored.`,
  );
}
