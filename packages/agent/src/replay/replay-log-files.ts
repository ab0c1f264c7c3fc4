/** Log files through the flows of the data sources that read them. */
import type { PlannedSource } from '@dcr-agent/schema';
import { AgentError, isAgentError } from '../errors.ts';
import type { Batch, LineRecord } from '../record.ts';
import type { RecordForm } from '../sources/log-files/record-reader.ts';
import { lineChange } from './compare/message-change.ts';
import { patternsNote, routeInVersions } from './file-routes.ts';
import type { InputTally } from './input-tally.ts';
import { LineTimes } from './line-times.ts';
import { readLogFile } from './read-log-file.ts';
import { recordBeginsOf } from './record-begins.ts';
import type { GroupSources, RecordGroup } from './record-group.ts';
import type { ReplayClock } from './replay-clock.ts';
import { type InputFile, type ReplayInput, sourcesFor } from './replay-input.ts';
import type { ReplayRun } from './replay-run.ts';
import type { RulePlan } from './rule-plan.ts';
import { withFile } from './spool.ts';

/** Data sources that make the same records of a file. */
interface Reading {
  readonly sources: { now: PlannedSource[]; old: PlannedSource[] };
  readonly form: RecordForm;
  /** Why the version that has no source here has none. */
  readonly otherwise: string;
}

/** Throws `AGENT_CONFIG_INVALID` where it cannot be told which data source a file is for. */
export function checkRoutes(run: RoutedRules, input: ReplayInput): void {
  for (const { name } of input.files) routesOf(run, input, name);
}

/** Resolves when every file was read, as far as it can be. */
export async function replayLogFiles(run: ReplayRun, tally: InputTally): Promise<void> {
  const groups = new Map<string, RecordGroup<LineRecord>>();
  for (const file of tally.input.files) {
    run.progress.begin(file);
    try {
      await withFile(file, run.stdin, async (path) => {
        const readings = [...readingsOf(run, tally, file)];
        noteRoutes(run, tally, file);
        for (const [i, [form, reading]] of readings.entries()) {
          const key = JSON.stringify([form, keysOf(reading.sources)]);
          const group = groups.get(key) ?? run.group<LineRecord>(reading.sources);
          groups.set(key, group);
          await replayFile(run, i === 0 ? tally : undefined, { file, path, reading, group });
        }
      });
    } catch (error) {
      if (!isAgentError(error, 'SOURCE_UNAVAILABLE')) throw error;
      tally.isUnreadable = true;
      run.complain(tally, [error.message]);
    }
  }
  for (const group of groups.values()) await group.end();
}

interface FileReading {
  readonly file: InputFile;
  /** Where it lies. */
  readonly path: string;
  readonly reading: Reading;
  readonly group: RecordGroup<LineRecord>;
}

/** `tally`: absent for a file that was counted. */
async function replayFile(
  { clock, progress }: ReplayRun,
  tally: InputTally | undefined,
  { file, path, reading, group }: FileReading,
): Promise<void> {
  const times = reading.form.kind === 'lines' ? new LineTimes(clock) : undefined;
  const isText = tally?.input.kind === 'text';
  let bytes = 0;
  await readLogFile(path, {
    form: reading.form,
    clock,
    name: file.name,
    take(batch) {
      if (tally !== undefined) tally.records += batch.records.count + rejectedCount(batch);
      if (times !== undefined && isText) {
        batch.records.each((record) => {
          const timeMs = times.timeOf(record);
          clock.note(timeMs);
          group.span.add(timeMs);
        });
      }
      group.process(
        () => batch,
        clock.undatedMs,
        (record) => lineChange(record, group.oldFlows, group.nowFlows, reading.otherwise),
      );
    },
    async settle(bytesRead) {
      bytes = bytesRead;
      progress.at(bytesRead);
      await group.settle();
    },
  });
  if (tally !== undefined) tally.bytes += bytes;
}

/** Lines that the reader itself refuses. */
function rejectedCount({ rejects = [] }: Batch<LineRecord>): number {
  return rejects.reduce((sum, { count }) => sum + count, 0);
}

type RoutedRules = Pick<ReplayRun, 'now' | 'versions'>;

/** Sources of both versions that a file is for. */
function routesOf({ now, versions }: RoutedRules, input: ReplayInput, name: string): GroupSources {
  const all = sourcesOf({ now, versions }, input);
  const routed = routeInVersions(all, name);
  if (routed === undefined) throw undecided(name, all);
  return routed;
}

function sourcesOf({ now, versions }: RoutedRules, input: ReplayInput): GroupSources {
  return { now: sourcesFor(now, input), old: versions ? sourcesFor(versions.old, input) : [] };
}

function noteRoutes({ now, versions }: ReplayRun, { input }: InputTally, file: InputFile): void {
  if (versions === undefined) return;
  const names = { now: filesOf(versions.now), old: filesOf(versions.old) };
  const note = patternsNote(sourcesOf({ now, versions }, input), file.name, names);
  if (note !== null && file.name !== '-') versions.comparison.note(note);
}

function filesOf({ rules }: RulePlan): string {
  return [...new Set(rules.map(({ file }) => file))].join(', ');
}

function readingsOf(run: ReplayRun, { input }: InputTally, file: InputFile): Map<string, Reading> {
  const routed = routesOf(run, input, file.name);
  const isReadByBoth = routed.now.length > 0 && routed.old.length > 0;
  const otherwise = isReadByBoth
    ? 'how records begin has changed'
    : 'no data source reads the file';
  const readings = new Map<string, Reading>();
  for (const version of ['now', 'old'] as const) {
    for (const source of routed[version]) {
      const key = formKey(source);
      const form = formOf(source, run.clock);
      const reading = readings.get(key) ?? { sources: { now: [], old: [] }, form, otherwise };
      readings.set(key, reading);
      reading.sources[version].push(source);
    }
  }
  return readings;
}

function undecided(name: string, { now, old }: GroupSources): AgentError {
  const quoted = [...now, ...old].map(({ key }) => `'${key.split('/').at(-1)}'`);
  const names = [...new Set(quoted)].join(', ');
  const message = `${name}: which of the data sources ${names} reads it cannot be told`;
  return new AgentError('AGENT_CONFIG_INVALID', `${message}; write --input NAME=${name}`);
}

function formKey(source: PlannedSource): string {
  if (source.kind !== 'logFiles') return 'w3c';
  return source.recordStartFormat ?? 'lines';
}

function formOf(source: PlannedSource, clock: ReplayClock): RecordForm {
  if (source.kind !== 'logFiles') return { kind: 'w3c' };
  if (source.recordStartFormat === undefined) return { kind: 'lines' };
  const begins = recordBeginsOf(source.recordStartFormat, clock);
  return begins === undefined ? { kind: 'lines' } : { kind: 'timed', begins };
}

function keysOf({ now, old }: GroupSources): readonly string[][] {
  const keys = (sources: readonly PlannedSource[]): string[] =>
    sources.flatMap(({ key, flows }) => [key, ...flows.map(({ id }) => id)]);
  return [keys(now), keys(old)];
}
