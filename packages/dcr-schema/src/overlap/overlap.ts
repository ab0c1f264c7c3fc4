/** A pair of entries of rules that collect the same, as data for a report. */
import type { OverlapCode } from './codes.ts';

export type OverlapKind =
  | 'windowsEventLogs'
  | 'syslog'
  | 'logFiles'
  | 'iisLogs'
  | 'performanceCounters';

export interface OverlapSide {
  /** Into the list of rules that was given. */
  readonly ruleIndex: number;
  /** Name of the data source. */
  readonly dataSource: string;
  /**
   * Of the query, facility, pattern, directory or counter in its list; `null` where the list is
   * empty and stands for a default.
   */
  readonly entryIndex: number | null;
  /** The entry as written; empty where there is none. */
  readonly text: string;
  /**
   * JSON pointer (RFC 6901) into the rule as a resource with members under their published names,
   * such as `/properties/dataSources/windowsEventLogs/0/xPathQueries/2`.
   */
  readonly pointer: string;
}

export interface WitnessEvent {
  /** In the form Event Viewer shows; both queries select it. */
  readonly xml: string;
  /** Epoch milliseconds, what `timediff` measures to: later than now for events still to come. */
  readonly nowMs: number;
}

export interface Overlap {
  readonly code: OverlapCode;
  readonly severity: 'warning';
  readonly kind: OverlapKind;
  /** In the order of the rules, and of the data sources in one rule. */
  readonly sides: readonly [OverlapSide, OverlapSide];
  /** The workspace both send to, as the first writes it. */
  readonly workspaceResourceId: string;
  readonly table: string;
  /** One thing that both collect: an event, `auth.warning`, a path, a counter. */
  readonly witness: string;
  /** The witness as an event. Windows events only. */
  readonly event?: WitnessEvent;
  /**
   * False: both select the witness, but whether anything like it exists, or both keep it to the
   * end, is more than the rules tell. `message` says why.
   */
  readonly isCertain: boolean;
  /** One plain sentence. */
  readonly message: string;
  readonly hint: string;
}

/** What is found of one kind; places and words are added for all kinds alike. */
export interface Meeting {
  /** `null`: the list is empty and stands for a default. */
  readonly entries: readonly [number | null, number | null];
  readonly witness: string;
  /** Why it may not be collected after all; `null`: nothing is known. */
  readonly doubt: string | null;
  readonly event?: WitnessEvent;
}
