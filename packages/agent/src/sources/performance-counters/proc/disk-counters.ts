/** What block devices did since the start, from /proc/diskstats. Source: kernel, iostats.rst. */
import { wholeNumbers } from './named-numbers.ts';

/** Sectors are of 512 bytes there, whatever the device has. */
const SECTOR_BYTES = 512;

export interface DiskCounters {
  readonly reads: number;
  readonly readBytes: number;
  readonly writes: number;
  readonly writtenBytes: number;
}

/** Each device twice: by its number, `254:0`, and by its name, `vda1`. */
export function parseDiskCounters(text: string): ReadonlyMap<string, DiskCounters> {
  const disks = new Map<string, DiskCounters>();
  for (const line of text.split('\n')) {
    const [major, minor, name, ...words] = line.trim().split(/ +/);
    const numbers = wholeNumbers(words.slice(0, 7));
    if (name === undefined || numbers === undefined || numbers.length < 7) continue;
    const [reads = 0, , sectorsRead = 0, , writes = 0, , sectorsWritten = 0] = numbers;
    const counters = {
      reads,
      readBytes: sectorsRead * SECTOR_BYTES,
      writes,
      writtenBytes: sectorsWritten * SECTOR_BYTES,
    };
    disks.set(`${major}:${minor}`, counters);
    disks.set(name, counters);
  }
  return disks;
}
