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
import { DIGITS, renderMessages } from './messages.ts';

const SLICE_MESSAGES = 800;

const [port, messages, rate = 0] = process.argv.slice(2).map(Number) as [number, number, number?];
const { bytes, ends, numbersAt } = renderMessages('newline');

function numbered(first: number, count: number): Buffer {
  const from = first % ends.length;
  const to = Math.min(from + count, ends.length);
  const start = from === 0 ? 0 : ends[from - 1]!;
  const slice = Buffer.from(bytes.subarray(start, ends[to - 1]));
  for (let i = from; i < to; i++) {
    let number = first + i - from;
    for (let at = numbersAt[i]! - start + DIGITS - 1; number > 0; at--) {
      slice[at] = 0x30 + (number % 10);
      number = Math.floor(number / 10);
    }
  }
  return slice;
}

const socket = createConnection(port, '127.0.0.1');
await once(socket, 'connect');
const origin = performance.timeOrigin;
const startedAt = performance.now();
let sentBytes = 0;
for (let sent = 0; sent < messages; ) {
  const count = Math.min(SLICE_MESSAGES, messages - sent, ends.length - (sent % ends.length));
  const slice = numbered(sent, count);
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
