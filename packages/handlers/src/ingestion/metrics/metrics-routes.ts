/**
 * Custom metrics of a machine, as the service takes them per region. They are kept in a table of
 * their own, a row for each series of each minute, so that they can be queried like all else.
 *
 * Source: Azure REST API specification, custom metrics ingestion 2018-09-01-preview; telegraf's
 * output for many documents, one a line.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../../context.ts';
import { decodePath, isSameId } from '../../control-plane/resource-path.ts';
import { ArmError } from '../../http/arm-error.ts';
import { bearerToken } from '../../http/bearer.ts';
import { pathOf } from '../../http/create-app.ts';
import { decodeUtf8, type JsonObject, parseJson } from '../../http/json.ts';
import { arrivalOf } from '../arrival.ts';
import { readBody, requireContentType } from '../read-body.ts';
import { storeRows } from '../store-rows.ts';
import { formatTime } from '../time.ts';
import { type MetricDocument, toMetricDocument } from './metric-document.ts';
import { METRICS_COLUMNS, METRICS_STORE, METRICS_TABLE } from './metrics-table.ts';

/** What telegraf takes for the service's maximum. */
const BODY_BYTES_MAX = 4_000_000;
const MINUTE_MS = 60_000;
/** How late and how early a minute may be, with `enforceTimeWindow`. */
const PAST_MAX_MS = 20 * MINUTE_MS;
const FUTURE_MAX_MS = 5 * MINUTE_MS;
const PATH = /^\/metrics(\/subscriptions\/.+)\/metrics$/i;

export function registerMetrics(app: FastifyInstance, context: HandlersContext): void {
  void app.register((scope, _options, done) => {
    scope.decorateRequest('resourceId', '');
    scope.addHook('onRequest', async (request) => {
      request.setDecorator('resourceId', await requireResource(request, context));
    });
    scope.post('/metrics/subscriptions/*', { bodyLimit: BODY_BYTES_MAX }, (request, reply) =>
      receive(request, reply, context),
    );
    done();
  });
}

/** The resource of the path. Throws 401, 403 `InvalidResourceId`, or 404 for another path. */
async function requireResource(request: FastifyRequest, context: HandlersContext): Promise<string> {
  const token = bearerToken(request.headers.authorization, "the machine's access token");
  const ids = await context.machineTokens.verify(token);
  const [, resourceId] = PATH.exec(`/${decodePath(pathOf(request)).join('/')}`) ?? [];
  if (resourceId === undefined) {
    const message = `Metrics are sent to …<resource id>/metrics, not to '${pathOf(request)}'.`;
    throw new ArmError('NotFound', message);
  }
  if (ids.some((id) => isSameId(id, resourceId) || isMachineOf(id, resourceId))) return resourceId;
  throw new ArmError(
    'InvalidResourceId',
    `The access token belongs to '${ids[0] ?? 'no resource'}', the request is about '${resourceId}'; use the token of that machine's own identity.`,
  );
}

/** Machines of a scale set send as the set. */
function isMachineOf(machineId: string, setId: string): boolean {
  return machineId.toLowerCase().startsWith(`${setId.toLowerCase()}/virtualmachines/`);
}

async function receive(
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const receivedAtMs = context.now();
  const resourceId = request.getDecorator<string>('resourceId');
  const body = await readBody(request, { maxBytes: BODY_BYTES_MAX, encodings: ['gzip'] });
  const documents = readDocuments(request, decodeUtf8(body));
  if (context.enforceTimeWindow) checkTimes(documents, receivedAtMs);
  const rows = documents.flatMap((document) => rowsOf(document, resourceId));
  const arrival = arrivalOf(request, resourceId, body, receivedAtMs);
  const target = { workspaceId: METRICS_STORE, table: METRICS_TABLE, columns: METRICS_COLUMNS };
  await storeRows(rows, [target], arrival, { enforceTimeWindow: false }, context);
  return reply.code(200).send({ statusCode: 200 });
}

/** One document, or one a line. */
function readDocuments(request: FastifyRequest, text: string): MetricDocument[] {
  const isLines = /^application\/x-ndjson\b/i.test(request.headers['content-type'] ?? '');
  if (!isLines) requireContentType(request, 'application/json', { optional: false });
  const texts = isLines ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  if (texts.length === 0) {
    const message = 'The body holds no document, only blank lines.';
    throw new ArmError('InvalidRequestContent', message);
  }
  return texts.map((each, i) => toMetricDocument(parseJson(each), i + 1));
}

function checkTimes(documents: readonly MetricDocument[], nowMs: number): void {
  const outside = documents.findIndex(({ time }) => {
    const ageMs = nowMs - time.epochMs;
    return ageMs > PAST_MAX_MS || ageMs < -FUTURE_MAX_MS;
  });
  if (outside < 0) return;
  throw new ArmError(
    'InvalidRequestContent',
    `Document ${outside + 1}: its time ${documents[outside]?.time.text} is not within 20 minutes before and 5 minutes after ${formatTime(nowMs)}. Nothing was stored.`,
  );
}

function rowsOf({ time, metric, namespace, series }: MetricDocument, id: string): JsonObject[] {
  return series.map(({ dimensions, min, max, sum, count }) => ({
    TimeGenerated: time.text,
    ResourceId: id,
    Namespace: namespace,
    Metric: metric,
    Dimensions: dimensions,
    Minimum: min,
    Maximum: max,
    Total: sum,
    Count: count,
    Average: sum / count,
  }));
}
