/** What the inputs of one replay share. */
import type { Readable } from 'node:stream';
import type { ChangedRecord } from './compare/comparison.ts';
import type { InputTally } from './input-tally.ts';
import type { QueryTally } from './query-tally.ts';
import type { GroupSources, RecordGroup, Versions } from './record-group.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { InputFile } from './replay-input.ts';
import type { RulePlan } from './rule-plan.ts';

export interface ReplayProgress {
  begin(file: InputFile): void;
  /** Bytes of the file that are behind. */
  at(bytesRead: number): void;
}

export interface ReplayRun {
  readonly now: RulePlan;
  readonly versions: Versions | undefined;
  readonly clock: ReplayClock;
  readonly queries: QueryTally;
  readonly progress: ReplayProgress;
  /** Of a record, where versions are not compared. */
  readonly noChange: ChangedRecord;
  stdin(): Readable;
  /** Tells what is wrong with an input, in lines. */
  complain(tally: InputTally, lines: readonly string[]): void;
  /** Pipelines that are given the same records. */
  group<R>(sources: GroupSources): RecordGroup<R>;
}
