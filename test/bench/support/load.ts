/**
 * Sends numbered syslog messages over TCP, as fast as they are taken: a process of its own, so
 * that its cost is not the agent's. The messages are rendered once; then only their numbers
 * change.
 *
 *   node load.ts PORT MESSAGES [rate per second]
 *
 * Prints one JSON line at the end: `{"startedAtMs","endedAtMs","bytes"}`.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { numbered, renderMessages } from './messages.ts';

const SLICE_MESSAGES = 800;

const [port, messages, rate = 0] = process.argv.slice(2).map(Number) as [number, number, number?];
const rendered = renderMessages('newline');

const socket = createConnection(port, '127.0.0.1');
await once(socket, 'connect');
const origin = performance.timeOrigin;
const startedAt = performance.now();
let sentBytes = 0;
for (let sent = 0; sent < messages; ) {
  const { slice, count } = numbered(rendered, sent, Math.min(SLICE_MESSAGES, messages - sent));
  sent += count;
  sentBytes += slice.length;
  if (!socket.write(slice)) await once(socket, 'drain');
  if (rate > 0) {
    const aheadMs = (sent / rate) * 1_000 - (performance.now() - startedAt);
    if (aheadMs > 1) await delay(aheadMs);
  }
}
socket.end();
await once(socket, 'close');
const times = { startedAtMs: origin + startedAt, endedAtMs: origin + performance.now() };
process.stdout.write(`${JSON.stringify({ ...times, bytes: sentBytes })}\n`);
