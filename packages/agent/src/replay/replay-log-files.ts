/** Log files through the flows of the data sources that read them. */
import type { PlannedSource } from '@dcr-agent/schema';
import { AgentError, isAgentError } from '../errors.ts';
import type { LineRecord } from '../record.ts';
import type { RecordForm } from '../sources/log-files/record-reader.ts';
import { recordStartOf } from '../sources/log-files/record-start.ts';
import { createLocalTime, systemUtcOffsetMinutes } from '../time/local-time.ts';
import { lineChange } from './compare/message-change.ts';
import { routeFile } from './file-routes.ts';
import type { InputTally } from './input-tally.ts';
import { LineTimes } from './line-times.ts';
import { readLogFile } from './read-log-file.ts';
import type { GroupSources, RecordGroup } from './record-group.ts';
import { type InputFile, sourcesFor } from './replay-input.ts';
import type { ReplayRun } from './replay-run.ts';
import { withFile } from './spool.ts';

/** Data sources that make the same records of a file. */
interface Reading {
  readonly sources: { now: PlannedSource[]; old: PlannedSource[] };
  readonly form: RecordForm;
}

/**
 * Resolves when every file was read, as far as it can be. Throws `AGENT_CONFIG_INVALID` where it
 * cannot be told which data source a file is for.
 */
export async function replayLogFiles(run: ReplayRun, tally: InputTally): Promise<void> {
  const groups = new Map<string, RecordGroup<LineRecord>>();
  for (const file of tally.input.files) {
    run.progress.begin(file);
    try {
      await withFile(file, run.stdin, async (path) => {
        const readings = [...readingsOf(run, tally, file)];
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
  const times = reading.form.kind === 'lines' ? new LineTimes() : undefined;
  const isText = tally?.input.kind === 'text';
  let bytes = 0;
  await readLogFile(path, {
    form: reading.form,
    clock,
    name: file.name,
    take(batch) {
      if (tally !== undefined) tally.records += batch.records.count;
      if (times !== undefined && isText) {
        batch.records.each((record) => {
          const timeMs = times.timeOf(record, clock.yearMs);
          clock.note(timeMs);
          group.span.add(timeMs);
        });
      }
      group.process(
        () => batch,
        clock.undatedMs,
        (record) => lineChange(record, group.oldFlows, group.nowFlows),
      );
    },
    async settle(bytesRead) {
      bytes = bytesRead;
      progress.at(bytesRead);
      await group.settle();
    },
  });
  if (tally !== undefined) tally.bytes += Math.min(bytes, file.size || bytes);
}

function readingsOf(
  { now, versions }: ReplayRun,
  { input }: InputTally,
  { name }: InputFile,
): Map<string, Reading> {
  const all = { now: sourcesFor(now, input), old: versions ? sourcesFor(versions.old, input) : [] };
  const routed: GroupSources = {
    now: routeFile(all.now, name),
    old: routeFile(all.old, name),
  };
  if (routed.now.length + routed.old.length === 0) throw undecided(name, all.now);
  const readings = new Map<string, Reading>();
  for (const version of ['now', 'old'] as const) {
    for (const source of routed[version]) {
      const key = formKey(source);
      const reading = readings.get(key) ?? { sources: { now: [], old: [] }, form: formOf(source) };
      readings.set(key, reading);
      reading.sources[version].push(source);
    }
  }
  return readings;
}

function undecided(name: string, sources: readonly PlannedSource[]): AgentError {
  const names = sources.map(({ key }) => `'${key.split('/').at(-1)}'`).join(', ');
  const message = `${name}: which of the data sources ${names} reads it cannot be told`;
  return new AgentError('AGENT_CONFIG_INVALID', `${message}; write --input NAME=${name}`);
}

function formKey(source: PlannedSource): string {
  if (source.kind !== 'logFiles') return 'w3c';
  return source.recordStartFormat ?? 'lines';
}

function formOf(source: PlannedSource): RecordForm {
  if (source.kind !== 'logFiles') return { kind: 'w3c' };
  if (source.recordStartFormat === undefined) return { kind: 'lines' };
  const toEpochMs = createLocalTime(systemUtcOffsetMinutes);
  const begins = recordStartOf(source.recordStartFormat, toEpochMs);
  return begins === undefined ? { kind: 'lines' } : { kind: 'timed', begins };
}

function keysOf({ now, old }: GroupSources): readonly string[][] {
  const keys = (sources: readonly PlannedSource[]): string[] =>
    sources.flatMap(({ key, flows }) => [key, ...flows.map(({ id }) => id)]);
  return [keys(now), keys(old)];
}
