/**
 * Rules over captured inputs: what an agent with these rules would have sent, by the pipelines it
 * would have sent it with, and what that comes to. Nothing is sent. The same rules and inputs give
 * the same report: no wall clock and no chance has a part in it.
 */
import type { Readable } from 'node:stream';
import { kernelsOnDemand } from '../kernel/kernel-module.ts';
import type { CompileContext } from '../pipeline/compile-pipeline.ts';
import { type ChangedRecord, Comparison } from './compare/comparison.ts';
import { FlowTally } from './flow-tally.ts';
import { InputTally } from './input-tally.ts';
import { QueryTally } from './query-tally.ts';
import { type GroupSources, RecordGroup, type Versions } from './record-group.ts';
import { ReplayClock } from './replay-clock.ts';
import { replayEvents } from './replay-events.ts';
import { inputKindOf, type ReplayInput } from './replay-input.ts';
import { checkRoutes, replayLogFiles } from './replay-log-files.ts';
import type { PipelineContext } from './replay-pipeline.ts';
import type { ReplayProgress, ReplayRun } from './replay-run.ts';
import { replaySyslog } from './replay-syslog.ts';
import { planRules, type ReplayedRule, type RulePlan } from './rule-plan.ts';

export interface ReplayOptions {
  readonly rules: readonly ReplayedRule[];
  /** The version to compare with; absent: none. */
  readonly against?: readonly ReplayedRule[];
  readonly inputs: readonly ReplayInput[];
  /** Rows kept of each flow, and examples of each change. */
  readonly samplesMax: number;
  /** When everything was received, epoch milliseconds; absent: as it was written. */
  readonly receivedMs?: number;
  readonly progress: ReplayProgress;
  stdin(): Readable;
  /** What is wrong with an input, in a line. */
  complain(line: string): void;
}

/** What a replay has found. */
export interface Replayed {
  readonly plan: RulePlan;
  readonly inputs: readonly InputTally[];
  /** In the order of the rules. */
  readonly flows: readonly FlowTally[];
  readonly queries: QueryTally;
  readonly comparison: Comparison | undefined;
}

/** A machine that is no particular one, so that reports do not depend on where they are made. */
const MACHINE: CompileContext['machine'] = {
  computer: 'machine',
  hostIp: '192.0.2.1',
  agentId: '00000000-0000-0000-0000-000000000000',
  agentVersion: '',
  osType: '',
  osName: '',
  osMajorVersion: '',
  osMinorVersion: '',
  privateIps: [],
};

/** Of records that are not compared. */
const NO_CHANGE: ChangedRecord = {
  selectedBy: () => '',
  otherwise: () => '',
  example: () => '',
};

/**
 * Memory is that of some megabytes of records, whatever the size of the inputs. An input that
 * cannot be read is told, and the others are read. Throws `AGENT_CONFIG_INVALID` where it cannot be
 * told which data source a file is for.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const now = planRules(options.rules);
  const old = options.against && planRules(options.against);
  const tallies = now.flows.map((flow) => new FlowTally(flow, options.samplesMax));
  const clock = new ReplayClock(options.receivedMs);
  const comparison = old && new Comparison(options.samplesMax);
  const versions = old && comparison && { comparison, old, now };
  const context: PipelineContext = {
    plan: now.plan,
    clock,
    tallies: new Map(tallies.map((tally) => [tally.flow.id, tally])),
    // A query that is refused is among those that are counted, with the reason.
    compile: {
      machine: MACHINE,
      machineDimensions: {},
      kernel: kernelsOnDemand(() => {}),
      report: () => {},
    },
  };
  const queries = new QueryTally(options.rules);
  const inputs = options.inputs.map((input) => new InputTally(input));
  const run: ReplayRun = {
    ...{ now, versions, clock, queries, noChange: NO_CHANGE },
    progress: options.progress,
    stdin: () => options.stdin(),
    complain(tally, lines) {
      for (const line of lines) {
        tally.problems.push(line);
        options.complain(line);
      }
    },
    group: <R>(sources: GroupSources) => new RecordGroup<R>(sources, context, versions),
  };
  /** An input for a data source that one version has is compared with nothing. */
  const runOf = (input: ReplayInput): ReplayRun => {
    const without = versions && versionWithout(versions, input);
    if (without === undefined) return run;
    versions?.comparison.note(notComparedText(input, without));
    const group = <R>(sources: GroupSources) => new RecordGroup<R>(sources, context, undefined);
    return { ...run, versions: undefined, group };
  };
  const runs = inputs.map((tally) => runOf(tally.input));
  for (const [i, { input }] of inputs.entries()) {
    if (readerOf(input) === replayLogFiles) checkRoutes(runs[i]!, input);
  }
  for (const tally of inputs) run.complain(tally, tally.input.problems ?? []);
  for (const [i, tally] of inputs.entries()) await readerOf(tally.input)(runs[i]!, tally);
  return { plan: now, inputs, flows: tallies, queries, comparison };
}

function readerOf({ kind }: ReplayInput): (run: ReplayRun, tally: InputTally) => Promise<void> {
  if (kind === 'windowsEventLogs') return replayEvents;
  return kind === 'syslog' ? replaySyslog : replayLogFiles;
}

/** The version that has no data source of the input's name; `undefined`: both have. */
function versionWithout({ old, now }: Versions, input: ReplayInput): RulePlan | undefined {
  const { kind, dataSource: name } = input;
  if (name === undefined) return undefined;
  return [old, now].find(({ flows }) => {
    return !flows.some((flow) => flow.dataSource.name === name && inputKindOf(flow) === kind);
  });
}

function notComparedText({ path, dataSource }: ReplayInput, { rules }: RulePlan): string {
  const files = [...new Set(rules.map(({ file }) => file))].join(', ');
  return `${path}: not compared, as no data source of ${files} has the name '${dataSource}'`;
}
