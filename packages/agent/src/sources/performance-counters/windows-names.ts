/**
 * Counters by their Windows names, where Linux counts the same. A rule for both systems is
 * understood that way, and what it asks for twice is sampled once, under the name Linux has.
 *
 * That they mean the same is this project's judgement; nobody publishes such a list.
 * `test/contract/inferred-facts.test.ts` pins it. Names that are spelled alike on both systems need
 * no line here. Left out is what differs: rates of network cards where Linux agents send counts
 * since the start, queue lengths, committed memory.
 */

/** Objects with another name. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['processor information', 'Processor'],
  ['logicaldisk', 'Logical Disk'],
]);

/** Counters with another name, by Linux's name of the object. */
const COUNTERS: ReadonlyMap<string, string> = new Map([
  ['memory\\available mbytes', 'Available MBytes Memory'],
  ['logical disk\\disk bytes/sec', 'Logical Disk Bytes/sec'],
  ['process\\% user time', 'Pct User Time'],
  ['process\\% privileged time', 'Pct Privileged Time'],
  ['process\\working set', 'Used Memory'],
  ['process\\virtual bytes', 'Virtual Shared Memory'],
  ['system\\system up time', 'Uptime'],
]);

export interface CounterName {
  readonly object: string;
  readonly counter: string;
}

/** The name Linux has, or the name itself. In any letter case. */
export function linuxName({ object, counter }: CounterName): CounterName {
  const linuxObject = OBJECTS.get(object.toLowerCase()) ?? object;
  const key = `${linuxObject}\\${counter}`.toLowerCase();
  return { object: linuxObject, counter: COUNTERS.get(key) ?? counter };
}
