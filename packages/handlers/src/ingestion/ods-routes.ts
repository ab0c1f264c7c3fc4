/**
 * The workspace ingestion endpoint (ODS). The service gives each workspace a host; here it is a
 * path: `/ods/<customer id>/OperationalData.svc/…`.
 */
import { findBlobType, findTable, KNOWN_STREAMS } from '@dcr-agent/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { ArmError } from '../http/arm-error.ts';
import { decodeUtf8, parseJsonDigits } from '../http/json.ts';
import type { VerifiedIngestionToken } from '../identity/ingestion-tokens.ts';
import { arrivalOf } from './arrival.ts';
import { type Envelope, toEnvelope } from './envelope.ts';
import { requireOdsChannel } from './ingestion-access.ts';
import { readBody, requireContentType } from './read-body.ts';
import type { ItemOrigin } from './shapes/shape.ts';
import { shapeOf } from './shapes/shapes.ts';
import { storeRows } from './store-rows.ts';
import { parseXmlEnvelope } from './xml-envelope.ts';

/** A sign of life is under a kilobyte; larger XML is not what this path is for. */
const XML_BYTES_MAX = 1_048_576;

interface OdsPath {
  readonly contentType: string;
  /** Some senders of JSON leave the content type away. */
  readonly isTypeOptional: boolean;
  readonly maxBytes: number;
  read(text: string): Envelope;
}

export function registerOds(app: FastifyInstance, context: HandlersContext): void {
  const paths: Readonly<Record<string, OdsPath>> = {
    PostJsonDataItems: {
      contentType: 'application/json',
      isTypeOptional: true,
      maxBytes: context.maxBodyBytes,
      read: (text) => toEnvelope(parseJsonDigits(text)),
    },
    PostDataItems: {
      contentType: 'application/xml',
      isTypeOptional: false,
      maxBytes: Math.min(XML_BYTES_MAX, context.maxBodyBytes),
      read: parseXmlEnvelope,
    },
  };
  void app.register((scope, _options, done) => {
    scope.decorateRequest('channel', null);
    scope.addHook('onRequest', async (request) => {
      request.setDecorator('channel', await requireOdsChannel(request, context));
    });
    for (const [name, path] of Object.entries(paths)) {
      scope.post(
        `/ods/:workspaceId/OperationalData.svc/${name}`,
        { bodyLimit: path.maxBytes },
        (request, reply) => receive(path, request, reply, context),
      );
    }
    done();
  });
}

async function receive(
  path: OdsPath,
  request: FastifyRequest,
  reply: FastifyReply,
  context: HandlersContext,
): Promise<FastifyReply> {
  const receivedAtMs = context.now();
  const channel = request.getDecorator<VerifiedIngestionToken>('channel');
  requireContentType(request, path.contentType, { optional: path.isTypeOptional });
  const { maxBytes } = path;
  const body = await readBody(request, { maxBytes, encodings: ['deflate', 'gzip'] });
  const envelope = path.read(decodeUtf8(body));
  const { table, columns, blobType } = tableOf(envelope.dataType);
  const shape = shapeOf(blobType);
  const origin = originOf(request, channel, envelope);
  const arrival = arrivalOf(request, channel.machineId, body, receivedAtMs);
  await storeRows(
    envelope.items.flatMap((item) => shape(item, origin)),
    [{ workspaceId: channel.workspaceId ?? '', table, columns }],
    arrival,
    // The time window is the Logs Ingestion API's.
    { enforceTimeWindow: false },
    context,
  );
  return reply.code(200).send();
}

function tableOf(dataType: string): {
  table: string;
  columns: NonNullable<ReturnType<typeof findTable>>['columns'];
  blobType: string;
} {
  const known = findBlobType(dataType);
  const table = known && findTable(known.table);
  if (known !== undefined && table !== undefined) {
    return { table: table.name, columns: table.columns, blobType: known.blobType };
  }
  const accepted = KNOWN_STREAMS.filter((stream) => findTable(stream.table) !== undefined);
  throw new ArmError(
    'InvalidDataType',
    `DataType '${dataType.slice(0, 80)}' is not known here; accepted are ${accepted.map((stream) => stream.blobType).join(', ')}. Nothing was stored.`,
  );
}

function originOf(
  request: FastifyRequest,
  channel: VerifiedIngestionToken,
  envelope: Envelope,
): ItemOrigin {
  const { 'x-ms-uuid': vmUuid, 'x-ms-omscloudid': cloudId } = request.headers;
  return {
    resourceId: channel.machineId,
    clientAddress: request.ip,
    ...(envelope.sourceComputerId !== undefined && {
      sourceComputerId: envelope.sourceComputerId,
    }),
    ...(typeof vmUuid === 'string' && { vmUuid }),
    ...(typeof cloudId === 'string' && { cloudId }),
  };
}
