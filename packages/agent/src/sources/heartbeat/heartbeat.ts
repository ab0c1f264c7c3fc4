/** Emits a sign of life at once and then at a fixed interval. */
import type { Host } from '../../host/host.ts';
import { type HeartbeatRecord, listed } from '../../record.ts';
import type { Source } from '../source.ts';

export function openHeartbeat(
  key: string,
  intervalMs: number,
  host: Pick<Host, 'clock'>,
): Source<HeartbeatRecord> {
  return {
    key,
    async run(emit, signal) {
      while (!signal.aborted) {
        await emit({ records: listed([{ atMs: host.clock.now() }]), cursors: [] });
        await host.clock.sleep(intervalMs, signal);
      }
    },
  };
}
