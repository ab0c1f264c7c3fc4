/** Event logs through the flows of their channels. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { PlannedSource } from '@dcr-agent/schema';
import { DamageReport } from '../damage-report.ts';
import { AgentError, isAgentError, reasonOf } from '../errors.ts';
import { type EventFileContent, readEventFile } from '../eventlog/event-file.ts';
import { TemplateCache } from '../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';
import { listed } from '../record.ts';
import { askedChannel } from './asked-parts.ts';
import { EventChanges } from './compare/event-change.ts';
import { EventChannels } from './event-channels.ts';
import { EventTimes } from './event-times.ts';
import type { InputTally } from './input-tally.ts';
import type { RecordGroup } from './record-group.ts';
import { type InputFile, sourcesFor } from './replay-input.ts';
import type { ReplayRun } from './replay-run.ts';

type Group = RecordGroup<WindowsEventRecord>;

/** Resolves when every file was read, as far as it can be. */
export async function replayEvents(run: ReplayRun, tally: InputTally): Promise<void> {
  const groups = new ChannelGroups(run, tally);
  const { clock, queries, versions } = run;
  const changes = versions && new EventChanges(versions.old, versions.now);
  const times = new EventTimes();
  const templates = new TemplateCache();
  for (const file of tally.input.files) {
    const report = new DamageReport(file.name);
    run.progress.begin(file);
    let total = 0;
    let salvaged = 0;
    let bytes = 0;
    const visit = (record: WindowsEventRecord): boolean => {
      total += 1;
      if (record.isSalvaged) salvaged += 1;
      const timeMs = times.timeOf(record);
      clock.note(timeMs);
      const nowMs = clock.collectedMs(timeMs);
      queries.add(record, file.name, nowMs);
      const group = groups.of(record);
      group?.span.add(timeMs);
      const batch = { records: listed([record]), cursors: [] };
      group?.process(
        () => batch,
        nowMs,
        () => changes?.of(record, file.name, nowMs) ?? run.noChange,
      );
      return false;
    };
    try {
      for await (const content of contentOf(file, { visit, templates }, run.stdin)) {
        report.add(content.damage);
        bytes = content.bytesRead;
        run.progress.at(bytes);
        await groups.settle();
      }
    } catch (error) {
      if (!isAgentError(error, 'SOURCE_UNAVAILABLE')) throw error;
      report.fail(error.message);
    }
    tally.records += total;
    tally.bytes += file.kind === 'file' ? file.size : bytes;
    tally.isUnreadable ||= report.isUnreadable(total);
    run.complain(tally, report.lines(salvaged));
  }
  await groups.end();
}

/** The flows of each channel; every one that a rule asks for has input, whatever the files hold. */
class ChannelGroups {
  readonly #run: ReplayRun;
  readonly #tally: InputTally;
  readonly #channels: EventChannels;
  /** By name of the channel in lower case. */
  readonly #groups = new Map<string, Group>();

  constructor(run: ReplayRun, tally: InputTally) {
    this.#run = run;
    this.#tally = tally;
    const now = sourcesFor(run.now, tally.input);
    const old = run.versions ? sourcesFor(run.versions.old, tally.input) : [];
    const names = new Map([...now, ...old].map((source) => [channelOf(source), source]));
    const isOf = (name: string) => (source: PlannedSource) => channelOf(source) === name;
    for (const name of names.keys()) {
      const sources = { now: now.filter(isOf(name)), old: old.filter(isOf(name)) };
      this.#groups.set(name, run.group(sources));
    }
    this.#channels = new EventChannels(
      [...names.values()].map((source) => ('channel' in source ? source.channel : '')),
    );
  }

  /** `undefined` where no rule asks for the event's channel. */
  of(record: WindowsEventRecord): Group | undefined {
    const channel = this.#channels.of(record);
    channel.read += 1;
    return this.#groups.get(channel.name.toLowerCase());
  }

  async settle(): Promise<void> {
    for (const group of this.#groups.values()) await group.settle();
  }

  async end(): Promise<void> {
    for (const group of this.#groups.values()) await group.end();
    for (const { name, read } of this.#channels.seen) {
      const isTaken = this.#groups.has(name.toLowerCase());
      const asked = isTaken ? 'yes' : askedChannel(name, this.#run.now, this.#run.queries);
      this.#tally.addPart(name, asked, read);
    }
  }
}

function channelOf(source: PlannedSource): string {
  return 'channel' in source ? source.channel.toLowerCase() : '';
}

interface ReadOptions {
  readonly visit: (record: WindowsEventRecord) => boolean;
  readonly templates: TemplateCache;
}

async function* contentOf(
  file: InputFile,
  options: ReadOptions,
  stdin: () => Readable,
): AsyncGenerator<EventFileContent, void, void> {
  if (file.kind === 'file') {
    yield* readEventFile(file.name, options);
    return;
  }
  const { readEventXmlStream } = await import('../eventlog/event-xml-reader.ts');
  const stream = file.name === '-' ? stdin() : createReadStream(file.name);
  yield* readEventXmlStream(piecesOf(stream, file.name), options.visit);
}

/** Throws `SOURCE_UNAVAILABLE` where reading fails. */
export async function* piecesOf(
  stream: Readable,
  name: string,
): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (cause) {
    const where = name === '-' ? 'standard input' : name;
    throw new AgentError('SOURCE_UNAVAILABLE', `cannot read ${where}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
