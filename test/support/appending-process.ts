/**
 * A process that appends numbered records to a buffer as fast as it can and prints each number
 * once it is durable. It goes on from its committed cursor, as a source does, and is meant to be
 * killed. `appending-process.ts <state directory>`
 */
import { writeSync } from 'node:fs';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { silentLog } from '../../packages/agent/src/host/log.ts';
import { encodeFragment } from './fragments.ts';

const FLOW = 'numbers';
const DESTINATIONS = ['kept', 'delivered'];

const buffer = openSqliteBuffer({
  path: process.argv[2]!,
  host: { clock: systemClock, guid: () => crypto.randomUUID(), log: silentLog },
  batchRecordsMax: 20,
});

const outlet = {
  flow: FLOW,
  stream: 'Custom-Text',
  protocol: 'gig',
  destinations: DESTINATIONS,
} as const;
let next = Number(buffer.cursors('numbers').get('numbers') ?? 0);
for (;;) {
  const [from, count] = [next, 1 + (next % 5)];
  const ids = Array.from({ length: count }, (_, i) => from + i);
  next += count;
  await buffer.append({
    entries: [{ outlet, fragment: encodeFragment(ids) }],
    cursors: [{ key: 'numbers', value: String(next) }],
    counts: [{ flow: FLOW, destinations: DESTINATIONS, read: count, filtered: 0, rejected: [] }],
  });
  writeSync(1, `${next - 1}\n`);
  for (const { id } of buffer.pending('delivered', 1)) {
    if (next % 4 === 0) buffer.split('delivered', id);
    else if (next % 7 === 0) buffer.reject('delivered', id, 'no');
    else buffer.acknowledge('delivered', id);
  }
}
