/** Gathers flows under the thing they read; the keys made here are where cursors are kept. */
import { mergeCounterGroups } from './counter-groups.ts';
import type {
  CounterGroup,
  PlannedFlow,
  PlannedHeartbeat,
  PlannedMetrics,
  PlannedOperation,
  PlannedPerformanceCounters,
  PlannedSource,
  PlannedSyslog,
  PlannedWindowsEventLog,
  SyslogFlow,
  WindowsEventFlow,
} from './plan.ts';
import type { PlannedFiles } from './plan-files.ts';

type Open<S extends { readonly flows: readonly unknown[] }> = Omit<S, 'flows'> & {
  flows: S['flows'][number][];
};

type PlannedOwn = PlannedHeartbeat | PlannedOperation;

type PlannedCounters = PlannedPerformanceCounters | PlannedMetrics;

interface OpenCounters extends Open<Omit<PlannedCounters, 'kind'>> {
  readonly kind: PlannedCounters['kind'];
  groups: readonly CounterGroup[];
}

export class SourceMerge {
  readonly #channels = new Map<string, Open<PlannedWindowsEventLog>>();
  readonly #files = new Map<string, PlannedFiles>();
  readonly #counters = new Map<string, OpenCounters>();
  readonly #syslog: Open<PlannedSyslog> = { kind: 'syslog', key: 'syslog', flows: [] };
  readonly #own: PlannedOwn[] = [];

  /** One `Channel!XPath` entry; false when it names no channel. Split at the first `!`. */
  windowsEvents(entry: string, flows: readonly PlannedFlow[]): boolean {
    const bang = entry.indexOf('!');
    const channel = entry.slice(0, Math.max(bang, 0)).trim();
    if (channel === '') return false;
    const key = `windowsEventLogs:${channel.toLowerCase()}`;
    const source = this.#channels.get(key) ?? {
      kind: 'windowsEventLogs',
      key,
      channel,
      flows: [],
    };
    this.#channels.set(key, source);
    const query = entry.slice(bang + 1).trim();
    for (const flow of flows) addQuery(source.flows, flow, query);
    return true;
  }

  syslog(
    flows: readonly PlannedFlow[],
    facilityNames: readonly string[],
    logLevels: readonly string[],
  ): void {
    const added = flows.map((flow): SyslogFlow => ({ ...flow, facilityNames, logLevels }));
    this.#syslog.flows.push(...added);
  }

  /** A data source that comes in several entries is one source. */
  files(planned: PlannedFiles): void {
    const known = this.#files.get(planned.key);
    this.#files.set(planned.key, known === undefined ? planned : joined(known, planned));
  }

  /** The same of performance counters; what all entries ask for is sampled for all flows. */
  counters(
    kind: PlannedCounters['kind'],
    dataSource: string,
    groups: readonly CounterGroup[],
    flows: readonly PlannedFlow[],
  ): void {
    const key = `${kind}:${dataSource}`;
    const known = this.#counters.get(key);
    const source: OpenCounters = known ?? { kind, key, groups: [], flows: [] };
    source.flows.push(...flows);
    source.groups = mergeCounterGroups([...source.groups, ...groups]);
    this.#counters.set(key, source);
  }

  /** The agent's own data; there are none where nobody is to receive them. */
  own(kind: PlannedOwn['kind'], flows: readonly PlannedFlow[]): void {
    if (flows.length > 0) this.#own.push({ kind, key: kind, flows });
  }

  sources(): PlannedSource[] {
    return [
      ...this.#channels.values(),
      ...this.#files.values(),
      ...this.#counters.values(),
      ...(this.#syslog.flows.length > 0 ? [this.#syslog] : []),
      ...this.#own,
    ];
  }
}

/** Entries of one data source differ in their flows and, in a rule that changes, in little else. */
function joined(known: PlannedFiles, more: PlannedFiles): PlannedFiles {
  if (known.kind === 'logFiles' && more.kind === 'logFiles') {
    const patterns = [...new Set([...known.patterns, ...more.patterns])];
    return { ...known, patterns, flows: [...known.flows, ...more.flows] };
  }
  return { ...known, flows: [...known.flows, ...more.flows] } as PlannedFiles;
}

/** Queries of one flow on one channel are one list: an event they share is collected once. */
function addQuery(flows: WindowsEventFlow[], flow: PlannedFlow, query: string): void {
  const at = flows.findIndex(
    (f) => f.id === flow.id && sameList(f.destinations, flow.destinations),
  );
  const known = flows[at];
  if (known === undefined) flows.push({ ...flow, queries: [query] });
  else if (!known.queries.includes(query)) {
    flows[at] = { ...known, queries: [...known.queries, query] };
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
