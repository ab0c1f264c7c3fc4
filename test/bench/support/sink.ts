/**
 * An ingestion service that does nothing but take bodies: a process of its own, so that its cost
 * is not the agent's. Bodies are kept as they came and looked at only when asked, after the
 * measurement, when every record is counted by its number.
 *
 *   GET /stats    per path: requests, bytes as sent, when the last came
 *   GET /refuse, /accept   whether bodies are let go of with 503 from now on
 *   GET /verify   per path: records, and how many different numbers they carry; forgets them
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { unzipSync } from 'node:zlib';

export interface SinkStats {
  readonly requests: number;
  readonly bytes: number;
  /** `performance.timeOrigin` based, milliseconds. */
  readonly lastAtMs: number;
}

export interface SinkVerdict {
  readonly records: number;
  readonly different: number;
  readonly jsonBytes: number;
}

class Path {
  readonly bodies: Buffer[] = [];
  requests = 0;
  bytes = 0;
  lastAtMs = 0;
}

const paths = new Map<string, Path>();
const delayMs = Number(process.argv[2] ?? 0);
let isRefusing = false;

function pathOf(url: string): Path {
  const name = url.split('/')[1] ?? '';
  const known = paths.get(name);
  if (known !== undefined) return known;
  const made = new Path();
  paths.set(name, made);
  return made;
}

function take(request: IncomingMessage, done: () => void): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => void parts.push(part));
  request.on('end', () => {
    const path = pathOf(request.url ?? '/');
    const body = Buffer.concat(parts);
    path.bodies.push(body);
    path.requests += 1;
    path.bytes += body.length;
    path.lastAtMs = performance.timeOrigin + performance.now();
    if (delayMs > 0) setTimeout(done, delayMs);
    else done();
  });
}

function stats(): Record<string, SinkStats> {
  return Object.fromEntries(
    [...paths].map(([name, { requests, bytes, lastAtMs }]) => [
      name,
      { requests, bytes, lastAtMs },
    ]),
  );
}

function verify(): Record<string, SinkVerdict> {
  const verdicts = [...paths].map(([name, { bodies }]) => [name, verdictOf(bodies)] as const);
  paths.clear();
  return Object.fromEntries(verdicts);
}

function verdictOf(bodies: readonly Buffer[]): SinkVerdict {
  const numbers = new Set<number>();
  let records = 0;
  let jsonBytes = 0;
  for (const body of bodies) {
    const isPlain = body[0] === 0x5b || body[0] === 0x7b;
    const json = isPlain ? body : unzipSync(body);
    jsonBytes += json.length;
    const parsed = JSON.parse(json.toString()) as { DataItems?: object[] } | object[];
    const rows = Array.isArray(parsed) ? parsed : (parsed.DataItems ?? []);
    for (const row of rows) {
      records += 1;
      const { Message, SyslogMessage, RawData } = row as Record<string, string>;
      const number = /seq=(\d{10})$/.exec(Message ?? SyslogMessage ?? RawData ?? '')?.[1];
      if (number !== undefined) numbers.add(Number(number));
    }
  }
  return { records, different: numbers.size, jsonBytes };
}

function answer(url = ''): object {
  if (url === '/verify') return verify();
  if (url === '/refuse' || url === '/accept') isRefusing = url === '/refuse';
  return stats();
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(answer(request.url)));
    return;
  }
  if (isRefusing) {
    request.resume().on('end', () => response.writeHead(503).end());
    return;
  }
  take(request, () => response.writeHead(204).end());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
