/**
 * An ingestion service, both protocols, that notes what it stored and behaves as its mood is. It
 * keeps its port while it refuses connections.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { unzipSync } from 'node:zlib';
import type { Arrivals } from './arrivals.ts';

export const MOODS = [
  'fine',
  'dawdle',
  'refuse',
  'hang',
  'reset in mid-body',
  'store and reset',
  'throttle',
  'fail',
  'store and fail',
] as const;
export type Mood = (typeof MOODS)[number];

export interface CaptureService {
  readonly origin: string;
  /** Requests met so far, by the mood they met. */
  readonly met: ReadonlyMap<Mood, number>;
  /** From the next request on; whoever hangs is cut off. */
  setMood(mood: Mood): Promise<void>;
  close(): Promise<void>;
}

const THROTTLE_SECONDS = '1';
const DAWDLE_MS = 400;

export async function startCaptureService(arrivals: Arrivals): Promise<CaptureService> {
  let mood: Mood = 'fine';
  const met = new Map<Mood, number>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    met.set(mood, (met.get(mood) ?? 0) + 1);
    void behave(mood, request, response, arrivals).catch(() => response.destroy());
  };
  const listen = async (port: number): Promise<Server> => {
    const server = createServer(answer);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server: Server | undefined = await listen(0);
  const { port } = server.address() as AddressInfo;
  const stopListening = async (): Promise<void> => {
    const closed = new Promise((resolve) => server?.close(resolve));
    server?.closeAllConnections();
    await closed;
    server = undefined;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    met,
    async setMood(next) {
      if (mood === 'hang') server?.closeAllConnections();
      mood = next;
      if (mood === 'refuse') {
        met.set(mood, (met.get(mood) ?? 0) + 1);
        if (server !== undefined) await stopListening();
      }
      // Somebody's outgoing connection may have the port for a moment.
      while (mood !== 'refuse' && server === undefined) {
        server = await listen(port).catch(() => undefined);
        if (server === undefined) await delay(50);
      }
    },
    close: async () => {
      if (server !== undefined) await stopListening();
    },
  };
}

async function behave(
  mood: Mood,
  request: IncomingMessage,
  response: ServerResponse,
  arrivals: Arrivals,
): Promise<void> {
  if (mood === 'reset in mid-body') {
    await once(request, 'data');
    request.socket.resetAndDestroy();
    return;
  }
  const body = Buffer.concat(await request.toArray());
  if (mood === 'dawdle') await delay(DAWDLE_MS);
  if (isStored(mood)) note(request, body, arrivals);
  if (mood === 'hang') return;
  if (mood === 'store and reset') request.socket.resetAndDestroy();
  else if (mood === 'throttle') response.writeHead(429, { 'retry-after': THROTTLE_SECONDS }).end();
  else response.writeHead(mood === 'fine' || mood === 'dawdle' ? 204 : 503).end();
}

function isStored(mood: Mood): boolean {
  return mood === 'fine' || mood === 'dawdle' || mood.startsWith('store');
}

interface Envelope {
  readonly DataType: string;
  readonly DataItems: readonly Item[];
}

interface Item {
  readonly Message?: string;
  readonly RawData?: string;
  readonly ParameterXml?: string;
}

function note(request: IncomingMessage, body: Buffer, arrivals: Arrivals): void {
  const json = JSON.parse(unzipSync(body).toString()) as Envelope | readonly Item[];
  const isEnvelope = 'DataItems' in json;
  if (isEnvelope && json.DataType.startsWith('HEALTH')) return;
  const items = isEnvelope ? json.DataItems : json;
  // Batches of the Logs Ingestion API carry the id, too.
  const id = String(request.headers['x-ms-client-request-id']);
  arrivals.note(id, items.map(textOf));
}

function textOf({ Message, RawData, ParameterXml }: Item): string {
  const text = Message ?? RawData;
  return text ?? /<Param>(.*?)<\/Param>/s.exec(ParameterXml ?? '')?.[1] ?? '';
}
