/**
 * Who sends what: the syslog messages of some seconds by host, program, facility, severity and
 * format, each with what collects it. Counted while it is asked for, and not at all otherwise.
 */
import type { Plan, SyslogFlow } from '@dcr-agent/schema';
import { AgentError } from './errors.ts';
import type { Clock } from './host/clock.ts';
import { securityLogKind } from './pipeline/syslog/security-log-stage.ts';
import { facilityName, severityName } from './pipeline/syslog/syslog-names.ts';
import { priorityFilter } from './pipeline/syslog/syslog-stage.ts';
import type { SyslogRecord } from './record.ts';
import type { MessageFormat } from './sources/syslog/message/message-format.ts';
import type { SyslogTap } from './sources/syslog/tap.ts';

/** What a sender can make up is bounded: so many rows, and so many characters of a name. */
const ROWS_MAX = 10_000;
const NAME_MAX = 64;

export interface SyslogProfile {
  readonly seconds: number;
  /** All that came, in rows or not. */
  readonly messages: number;
  /** Those of them that nothing collects. */
  readonly uncollected: number;
  /** The most frequent first. */
  readonly rows: readonly SyslogProfileRow[];
  /** Those of the messages that the rows cannot hold. */
  readonly others: number;
  /** Those of the others that nothing collects. */
  readonly othersUncollected: number;
}

export interface SyslogProfileRow {
  /** Empty where the message names none. */
  readonly host: string;
  readonly program: string;
  readonly facility: string;
  readonly severity: string;
  readonly format: MessageFormat;
  readonly count: number;
  readonly perSecond: number;
  /** `<rule>/<data source>`; empty where no rule in force collects it. */
  readonly collectedBy: readonly string[];
  /** Why it is not collected, whatever rules say. */
  readonly refusal?: string;
}

interface Kind {
  readonly host: string;
  readonly program: string;
  readonly facility: number;
  readonly severity: number;
  readonly format: MessageFormat;
  readonly refusal: string | undefined;
  count: number;
}

export interface ProfileOptions {
  readonly tap: SyslogTap;
  readonly clock: Clock;
  /** In force now. */
  plan(): Plan;
  readonly forMs: number;
  /** Ends it early, with what there is. */
  readonly signal: AbortSignal;
}

/** Rejects with `SOURCE_UNAVAILABLE` where no rule collects syslog: nobody listens then. */
export async function profileSyslog(options: ProfileOptions): Promise<SyslogProfile> {
  const { tap, clock, plan, forMs, signal } = options;
  if (flowsOf(plan()) === undefined) {
    const advice =
      'put one in force that collects anything of it, such as facilityNames ["*"] with logLevels ["Emergency"]';
    const message = `no rule in force collects syslog, so the agent does not listen; ${advice}`;
    throw new AgentError('SOURCE_UNAVAILABLE', message);
  }
  const count = new KindCounts();
  const close = tap.open((record, format) => count.add(record, format));
  const startedAtMs = clock.monotonic();
  try {
    await clock.sleep(forMs, signal);
  } finally {
    close();
  }
  const seconds = (clock.monotonic() - startedAtMs) / 1_000;
  const flows = flowsOf(plan()) ?? [];
  const selects = flows.map((flow) => [flow, selectorOf(flow)] as const);
  const toRows = (kinds: ReadonlyMap<string, Kind>): SyslogProfileRow[] =>
    [...kinds.values()].map((kind) => rowOf(kind, seconds, selects));
  const rows = toRows(count.kinds).toSorted((a, b) => b.count - a.count);
  const others = totalsOf(toRows(count.nameless));
  const shown = totalsOf(rows);
  return {
    seconds,
    messages: shown.messages + others.messages,
    uncollected: shown.uncollected + others.uncollected,
    rows,
    others: others.messages,
    othersUncollected: others.uncollected,
  };
}

function totalsOf(rows: readonly SyslogProfileRow[]): { messages: number; uncollected: number } {
  const total = (some: readonly SyslogProfileRow[]): number =>
    some.reduce((sum, { count }) => sum + count, 0);
  const uncollected = rows.filter(({ collectedBy }) => collectedBy.length === 0);
  return { messages: total(rows), uncollected: total(uncollected) };
}

class KindCounts {
  readonly kinds = new Map<string, Kind>();
  /** Beyond those: without the names, which senders make up, there are only so many. */
  readonly nameless = new Map<string, Kind>();

  add(record: SyslogRecord, format: MessageFormat): void {
    const { bytes, parts, facility, severity, refusal } = record;
    const host = nameIn(bytes, parts.hostStart, parts.hostEnd);
    const program = nameIn(bytes, parts.identStart, parts.identEnd);
    const key = [host, program, facility, severity, format, refusal].join('\0');
    const known = this.kinds.get(key);
    const kind = { facility, severity, format, refusal, count: 1 };
    if (known !== undefined) known.count += 1;
    else if (this.kinds.size < ROWS_MAX) this.kinds.set(key, { host, program, ...kind });
    else this.#addNameless({ host: '', program: '', ...kind });
  }

  #addNameless(kind: Kind): void {
    const { facility, severity, format, refusal } = kind;
    const key = [facility, severity, format, refusal].join('\0');
    const known = this.nameless.get(key);
    if (known === undefined) this.nameless.set(key, kind);
    else known.count += 1;
  }
}

function nameIn(bytes: Buffer, start: number, end: number): string {
  const name = bytes.toString('utf8', start, Math.min(end, start + NAME_MAX * 4));
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
}

type Selects = (kind: Kind) => boolean;

function flowsOf({ sources }: Plan): readonly SyslogFlow[] | undefined {
  return sources.find((source) => source.kind === 'syslog')?.flows;
}

/** A flow of a security log keeps only messages of its kind. */
function selectorOf(flow: SyslogFlow): Selects {
  const selects = priorityFilter(flow);
  const securityKind = securityLogKind(flow.stream);
  const format = { cef: 'cef', asa: 'cisco-asa' } as const;
  return (kind) =>
    selects(kind.facility, kind.severity) &&
    (securityKind === undefined || kind.format === format[securityKind]);
}

function rowOf(
  kind: Kind,
  seconds: number,
  flows: readonly (readonly [SyslogFlow, Selects])[],
): SyslogProfileRow {
  const { host, program, facility, severity, format, refusal, count } = kind;
  const collecting = refusal === undefined ? flows.filter(([, selects]) => selects(kind)) : [];
  // Without its last part, the stream, a flow's id names rule and data source.
  const names = collecting.map(([{ id }]) => id.slice(0, id.lastIndexOf('/')));
  return {
    ...{ host, program, format, count },
    facility: facilityName(facility),
    severity: facility < 0 ? '' : severityName(severity),
    perSecond: seconds === 0 ? 0 : Math.round((count / seconds) * 100) / 100,
    collectedBy: [...new Set(names)],
    ...(refusal !== undefined && { refusal }),
  };
}
