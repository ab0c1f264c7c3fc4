/** What an event has in its System element, whatever is asked of it. */
import type { WorkLimit } from '../work-limit.ts';

export interface DraftContext {
  readonly channel: string;
  /** Epoch milliseconds: what `timediff` measures to, and when the event is logged. */
  readonly nowMs: number;
  readonly limit: WorkLimit;
}

type Leaves = Readonly<Record<string, string>>;

const SYSTEM = 'Event/System/';

/** By `@Name` of an attribute, or `value`. `path`: names from the event down. */
export function usualLeaves(path: string, { channel, nowMs }: Omit<DraftContext, 'limit'>): Leaves {
  if (!path.startsWith(SYSTEM)) return {};
  const isSecurity = channel.toLowerCase() === 'security';
  switch (path.slice(SYSTEM.length)) {
    case 'Provider': {
      // Most channels begin with the name of the provider that writes them.
      const [owner = channel] = channel.split('/');
      return { '@Name': isSecurity ? 'Microsoft-Windows-Security-Auditing' : owner };
    }
    case 'EventID':
    case 'EventRecordID':
      return { value: '1' };
    case 'Level':
      return { value: isSecurity ? '0' : '4' };
    case 'Version':
    case 'Task':
    case 'Opcode':
      return { value: '0' };
    case 'Keywords':
      return { value: isSecurity ? '0x8020000000000000' : '0x8000000000000000' };
    case 'TimeCreated':
      return { '@SystemTime': new Date(nowMs).toISOString().replace('Z', '0000Z') };
    case 'Execution':
      return { '@ProcessID': '4', '@ThreadID': '8' };
    case 'Channel':
      return { value: channel };
    case 'Computer':
      return { value: 'computer' };
    default:
      return {};
  }
}
