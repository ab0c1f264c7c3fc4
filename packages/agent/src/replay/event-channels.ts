/** Which channel an event is of, found without its tree once the channel was seen. */
import { inChannel, type QueryCondition } from '@dcr-agent/schema/event-queries';
import { EventQueries } from '../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';
import { systemText } from '../nearest-miss/system-text.ts';

/** A crafted log holds more; those beyond share one. */
const CHANNELS_MAX = 500;
const EVERY_EVENT: QueryCondition = { kind: 'constant', holds: true };

export interface EventChannel {
  /** As first seen; empty for events of none, and of those beyond the limit. */
  readonly name: string;
  read: number;
}

export class EventChannels {
  readonly #channels: EventChannel[] = [];
  readonly #none: EventChannel = { name: '', read: 0 };
  #queries = new EventQueries([]);

  /** `known`: names that need not be looked for; they are compared ignoring case. */
  constructor(known: readonly string[]) {
    for (const name of known) this.#channels.push({ name, read: 0 });
    this.#compile();
  }

  of(record: WindowsEventRecord): EventChannel {
    const [place] = record.selectedBy(this.#queries, 0);
    const known = place === undefined ? undefined : this.#channels[place];
    return known ?? this.#find(systemText(record.event, 'Channel'));
  }

  /** Those of which events were read, by name. */
  get seen(): readonly EventChannel[] {
    const all = [...this.#channels, this.#none].filter(({ read }) => read > 0);
    return all.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #find(name: string): EventChannel {
    const isKnown = this.#channels.some((channel) => channel.name === name);
    if (name === '' || isKnown || this.#channels.length >= CHANNELS_MAX) return this.#none;
    const channel = { name, read: 0 };
    this.#channels.push(channel);
    this.#compile();
    return channel;
  }

  #compile(): void {
    this.#queries = new EventQueries(
      this.#channels.map(({ name }) => inChannel(name, EVERY_EVENT)),
    );
  }
}
