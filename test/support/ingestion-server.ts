/**
 * A stand-in for an ingestion service on loopback: keeps what it was sent and answers as the
 * test says. It decodes bodies strictly, as RFC 1950 and RFC 1952 have them.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, inflateSync } from 'node:zlib';

export interface ReceivedPost {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** After decompression. */
  readonly text: string;
  /** Parsed; of documents one a line, an array. */
  readonly json: unknown;
  /** The array itself, or the envelope's `DataItems`. */
  readonly records: readonly unknown[];
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `hang`: never answers; `reset`: breaks the connection; `stop midway`: half an answer. */
export type Behaviour = Reply | 'hang' | 'reset' | 'stop midway';

export interface IngestionServer extends AsyncDisposable {
  readonly origin: string;
  /** In the order they arrived, whatever was answered. */
  readonly posts: readonly ReceivedPost[];
  readonly connectionCount: number;
}

export async function startIngestionServer(
  answer: (post: ReceivedPost, index: number) => Behaviour | Promise<Behaviour>,
): Promise<IngestionServer> {
  const posts: ReceivedPost[] = [];
  let connectionCount = 0;
  const server = createServer((request, response) => {
    void receive(request).then(async (post) => {
      posts.push(post);
      behave(response, await answer(post, posts.length - 1));
    });
  });
  server.on('connection', () => {
    connectionCount += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    get connectionCount() {
      return connectionCount;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Ids of the records in all posts, in order, repeats included. */
export function receivedIds(posts: readonly ReceivedPost[]): unknown[] {
  return posts.flatMap(({ records }) => records.map((record) => (record as { id: unknown }).id));
}

async function receive(request: IncomingMessage): Promise<ReceivedPost> {
  const body = Buffer.concat(await request.toArray());
  const text = decode(request.headers['content-encoding'], body).toString();
  const isLines = request.headers['content-type'] === 'application/x-ndjson';
  const json: unknown = JSON.parse(isLines ? `[${text.replaceAll('\n', ',')}]` : text);
  const records = Array.isArray(json) ? json : (json as { DataItems: unknown[] }).DataItems;
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body, text, json, records };
}

function decode(encoding: string | undefined, body: Buffer): Buffer {
  if (encoding === 'deflate') return inflateSync(body);
  if (encoding === 'gzip') return gunzipSync(body);
  return body;
}

function behave(response: ServerResponse, behaviour: Behaviour): void {
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (behaviour === 'stop midway') {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => response.socket?.resetAndDestroy());
    return;
  }
  response.writeHead(behaviour.status, behaviour.headers);
  response.end(behaviour.body);
}
