/**
 * A rule in words. Plain data that JSON can hold; every text is one for people, on one line but
 * for the sentences of nested event queries. What a template leaves open stands as its expression.
 */
import type { Column } from '../rule/rule.ts';

export interface Explanation {
  readonly name?: string;
  readonly description?: string;
  readonly kind?: string;
  /** Whom a rule of this kind is for, and who does what it says. */
  readonly isFor: string;
  readonly dataSources: readonly DataSourceExplanation[];
  /** Streams of data flows that come from outside the rule: programs, or the workspace itself. */
  readonly received: readonly StreamExplanation[];
  /** Streams of data flows that nothing fills. */
  readonly neverCollected: readonly UnfilledStream[];
  readonly settings: readonly SettingExplanation[];
  /** What is worth knowing of the rule as a whole. */
  readonly notes: readonly string[];
}

export interface DataSourceExplanation {
  readonly name: string;
  /** The array of `dataSources` it stands in. */
  readonly kind: string;
  /** What is read: a sentence for each query, pattern, object of counters. */
  readonly reads: readonly string[];
  /** Sampled so often; absent: as it comes. */
  readonly everySeconds?: number;
  /** Why this agent does not collect it; absent: it does. */
  readonly notCollected?: string;
  /** Those that a data flow takes. */
  readonly streams: readonly StreamExplanation[];
  /** Streams that no data flow takes. */
  readonly goesNowhere: readonly string[];
  readonly notes: readonly string[];
}

export interface StreamExplanation {
  readonly stream: string;
  /** Absent: not known. Those of a table this project knows, else those the rule declares. */
  readonly columns?: readonly Column[];
  readonly flows: readonly FlowExplanation[];
}

/** What one data flow does with a stream. */
export interface FlowExplanation {
  /** Place in `dataFlows`, from 0. */
  readonly flow: number;
  /** The table of a workspace; metrics have none. */
  readonly table: string;
  /** The text of the KQL, whose columns are then those of the rows. */
  readonly transformKql?: string;
  /** The name of a transformation that the service knows. */
  readonly builtInTransform?: string;
  readonly destinations: readonly DestinationExplanation[];
}

/** How records reach a destination. */
export type Via = 'ODS' | 'Logs Ingestion' | 'custom metrics';

export interface DestinationExplanation {
  readonly name: string;
  /** `workspace /subscriptions/…`, `metrics of the machine`, `eventHubs`. */
  readonly target: string;
  /** Absent: this agent does not send there, and `problem` says why. */
  readonly via?: Via;
  /** Where requests go, as far as the rule tells. */
  readonly endpoint?: string;
  readonly problem?: string;
}

export interface UnfilledStream {
  /** Place in `dataFlows`, from 0. */
  readonly flow: number;
  readonly stream: string;
  /** Names. */
  readonly destinations: readonly string[];
}

export interface SettingExplanation {
  readonly name: string;
  readonly value: string;
  readonly means: string;
}
