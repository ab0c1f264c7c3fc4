/** What is replayed: captured inputs, each for the data sources of a kind, or for one by its name. */
import type { PlannedFlow, PlannedSource } from '@dcr-agent/schema';
import type { RuleFlow, RulePlan } from './rule-plan.ts';

/** Kinds of data sources whose records can be captured. */
export type InputKind =
  | 'windowsEventLogs'
  | 'syslog'
  | 'text'
  | 'json'
  | 'iisLogs'
  | 'windowsFirewallLogs';

export interface InputFile {
  /** As it is named in results; `-` for standard input. */
  readonly name: string;
  /** `stream`: can be read once, and only forward. */
  readonly kind: 'file' | 'stream';
  readonly size: number;
}

export interface ReplayInput {
  readonly kind: InputKind;
  /** Of the one data source it is for; absent: all of the kind. */
  readonly dataSource?: string;
  /** As it was given. */
  readonly path: string;
  readonly files: readonly InputFile[];
  /** What was passed over, in lines; the rest is replayed. */
  readonly problems?: readonly string[];
}

/** The kind of input a data source reads; `null` for one that reads none. */
export function inputKindOf({ dataSource }: Pick<RuleFlow, 'dataSource'>): InputKind | null {
  switch (dataSource.kind) {
    case 'windowsEventLogs':
    case 'syslog':
    case 'iisLogs':
    case 'windowsFirewallLogs':
      return dataSource.kind;
    case 'logFiles':
      return dataSource.format === 'json' ? 'json' : 'text';
    default:
      return null;
  }
}

/** The sources of a plan that an input is for, each with those of its flows that it is for. */
export function sourcesFor(
  { plan, flows }: RulePlan,
  { kind, dataSource }: Pick<ReplayInput, 'kind' | 'dataSource'>,
): PlannedSource[] {
  const wanted = new Set(
    flows
      .filter((flow) => inputKindOf(flow) === kind)
      .filter((flow) => dataSource === undefined || flow.dataSource.name === dataSource)
      .map(({ id }) => id),
  );
  return plan.sources.flatMap((source) => {
    // Counters of a data source that also become metrics are flows with the same id.
    if (!READ_KINDS.has(source.kind)) return [];
    const own = (source.flows as readonly PlannedFlow[]).filter(({ id }) => wanted.has(id));
    return own.length === 0 ? [] : [{ ...source, flows: own } as PlannedSource];
  });
}

const READ_KINDS: ReadonlySet<string> = new Set([
  'windowsEventLogs',
  'syslog',
  'logFiles',
  'iisLogs',
  'windowsFirewallLogs',
]);
