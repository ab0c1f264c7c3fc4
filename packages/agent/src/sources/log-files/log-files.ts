/**
 * The log files source: follows the files of some patterns, and makes records of their lines.
 * Files are told apart by what they are, not by their names, so that rotation neither loses nor
 * repeats a line.
 */
import { isAbsolute } from 'node:path';
import { AgentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { LineRecord } from '../../record.ts';
import {
  createLocalTime,
  systemUtcOffsetMinutes,
  type UtcOffsetMinutes,
} from '../../time/local-time.ts';
import type { CommittedCursors, Emit, Source } from '../source.ts';
import { Complaints } from './complaints.ts';
import { DueFiles } from './due-files.ts';
import { hasStarted, readCursors, startedKey } from './file-cursor.ts';
import { FolderWatch } from './folder-watch.ts';
import type { FollowedFile, Moment } from './followed-file.ts';
import { type Discovery, FollowedFiles, type StartAt } from './followed-files.ts';
import { batchEnd, LineBatch } from './line-batch.ts';
import { createReadBuffers } from './line-reader.ts';
import { Pace } from './pace.ts';
import type { ReadRecords, RecordForm } from './record-reader.ts';
import { recordStartOf } from './record-start.ts';

export interface LogFilesSettings {
  readonly key: string;
  /** Absolute paths; `*` and `?` may stand in the file's name and in those of directories. */
  readonly patterns: readonly string[];
  /** For files that are there when a pattern is followed for the first time; later ones are new. */
  readonly startAt: StartAt;
  /** What a record is; absent: a line. */
  readonly records?: LogFileRecords;
  /** Of this machine's clock, for times without a zone; by default what the system says. */
  readonly utcOffsetMinutes?: UtcOffsetMinutes;
  /** How often files are looked at while nothing is new; default 250. */
  readonly pollIntervalMs?: number;
  /** Of more files, those read last are kept open; default 4096. */
  readonly openFilesMax?: number;
}

/** `startFormat`: a published `recordStartTimestampFormat`. */
export type LogFileRecords =
  | { readonly kind: 'timed'; readonly startFormat: string }
  | { readonly kind: 'w3c' };

const POLL_INTERVAL_MS = 250;
const OPEN_FILES_MAX = 4096;

/** Throws `SOURCE_UNAVAILABLE` for a pattern that is not absolute, and for an unknown format. */
export function openLogFiles(
  settings: LogFilesSettings,
  cursors: CommittedCursors,
  host: Host,
): Source<LineRecord> {
  const relative = settings.patterns.filter((pattern) => !isAbsolute(pattern));
  if (relative.length > 0) {
    throw new AgentError('SOURCE_UNAVAILABLE', `Not an absolute path: ${relative.join(', ')}`);
  }
  return new LogFilesSource(settings, recordForm(settings), cursors, host);
}

function recordForm({ records, utcOffsetMinutes }: LogFilesSettings): RecordForm {
  if (records?.kind !== 'timed') return { kind: records?.kind ?? 'lines' };
  const toEpochMs = createLocalTime(utcOffsetMinutes ?? systemUtcOffsetMinutes);
  const begins = recordStartOf(records.startFormat, toEpochMs);
  if (begins !== undefined) return { kind: 'timed', begins };
  const message = `No format of times in records: ${records.startFormat}`;
  throw new AgentError('SOURCE_UNAVAILABLE', message);
}

class LogFilesSource implements Source<LineRecord> {
  readonly key: string;

  readonly #settings: LogFilesSettings;
  readonly #committed: CommittedCursors;
  readonly #host: Host;
  readonly #buffers = createReadBuffers();
  readonly #complaints: Complaints;
  readonly #files: FollowedFiles;
  readonly #batch: LineBatch;
  readonly #pace: Pace;
  readonly #watch: FolderWatch;
  readonly #due = new DueFiles();
  #lineCount = 0;
  #overLongCount = 0;
  #damagedTextCount = 0;

  constructor(
    settings: LogFilesSettings,
    form: RecordForm,
    committed: CommittedCursors,
    host: Host,
  ) {
    this.key = settings.key;
    this.#settings = settings;
    this.#committed = committed;
    this.#host = host;
    this.#complaints = new Complaints(host.log);
    this.#files = new FollowedFiles({
      patterns: settings.patterns,
      buffers: this.#buffers,
      complaints: this.#complaints,
      form,
      isLocal: (directory) => this.#watch.tellsOf(directory),
      openFilesMax: settings.openFilesMax ?? OPEN_FILES_MAX,
    });
    this.#batch = new LineBatch(settings.key);
    this.#pace = new Pace(host.clock, settings.pollIntervalMs ?? POLL_INTERVAL_MS);
    const news = {
      renamed: () => this.#pace.hint(),
      written: (path: string) => this.#due.wrote(path),
    };
    this.#watch = new FolderWatch(news, host.clock);
  }

  async run(emit: Emit<LineRecord>, signal: AbortSignal): Promise<void> {
    const { clock } = this.#host;
    try {
      if (!signal.aborted) await this.#resume();
      while (!signal.aborted) {
        const startedMs = clock.monotonic();
        if (await this.#readRound(emit, signal)) continue;
        await this.#flush(emit);
        await this.#pace.rest(startedMs, signal);
      }
    } catch (error) {
      // During shutdown `emit` may refuse; what it refused is read again after the next start.
      if (!signal.aborted) throw error;
    } finally {
      this.#watch.close();
      await this.#files.close();
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    const files = [...this.#files];
    return {
      patterns: this.#settings.patterns,
      files: files.length,
      rotatedAway: files.filter((file) => file.isDetached).length,
      notText: files.filter((file) => file.format !== undefined).length,
      unreadable: this.#complaints.count,
      lines: this.#lineCount,
      overLong: this.#overLongCount,
      damagedText: this.#damagedTextCount,
      lagBytes: files.reduce((sum, file) => sum + file.lagBytes, 0),
    };
  }

  async #resume(): Promise<void> {
    const cursors = readCursors(this.key, this.#committed);
    const { patterns, startAt } = this.#settings;
    const fresh = patterns.filter((pattern) => !hasStarted(this.key, pattern, this.#committed));
    this.#pace.beginDiscovery();
    this.#note(await this.#files.resume(cursors, startAt === 'end' ? fresh : []));
    // What is left out now must not be taken for new after a restart.
    for (const pattern of fresh) this.#batch.setCursor(startedKey(this.key, pattern), '{}');
  }

  async #discover(): Promise<void> {
    this.#pace.beginDiscovery();
    this.#note(await this.#files.discover());
  }

  #note({ added, gone }: Discovery): void {
    for (const file of added) this.#batch.touch(file);
    for (const identity of gone) this.#batch.forget(identity);
    this.#due.changed();
    this.#pace.endDiscovery(this.#watch.follow(this.#files.directories));
  }

  /** A slice of every file that is due. Resolves to whether there was anything to read. */
  async #readRound(emit: Emit<LineRecord>, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#host;
    let hadLines = false;
    if (this.#pace.isDiscoveryDue) await this.#discover();
    const { files, written } = this.#due.next(this.#files, clock.monotonic());
    for (const file of files) {
      if (signal.aborted) break;
      // Between files too: where there is much to read, a round is long.
      if (this.#pace.isDiscoveryDue) await this.#discover();
      if (!this.#files.has(file)) continue;
      const nowMs = clock.monotonic();
      const isTold = written.has(file.location);
      const sinceMs = this.#watch.tellsSinceMs(file.directory);
      if (!isTold && !file.isDue(nowMs, sinceMs)) continue;
      const lines = await this.#readLines(file, {
        nowMs,
        isTold,
        isLocal: Number.isFinite(sinceMs),
      });
      if (lines !== undefined) await this.#take(file, lines, emit);
      else if (file.isGone(nowMs)) await this.#finish(file, emit);
      this.#due.looked(file, file.isDue(nowMs, sinceMs) && this.#files.has(file));
      if (lines !== undefined && (lines.ends.length > 0 || !lines.isAtEnd)) hadLines = true;
    }
    return hadLines;
  }

  async #readLines(
    file: FollowedFile,
    look: Omit<Moment, 'wallMs'>,
  ): Promise<ReadRecords | undefined> {
    const { offset, format } = file;
    try {
      const lines = await file.read(this.#buffers, { ...look, wallMs: this.#host.clock.now() });
      // Begun again, or something was passed over: that must not be forgotten by a restart.
      if (file.offset !== offset) this.#batch.touch(file);
      this.#complaints.settle(file.location);
      if (format === undefined && file.format !== undefined) {
        const facts = { path: file.path, format: file.format };
        this.#host.log.info(facts, 'Not read: this is no text in ASCII, UTF-8 or UTF-16.');
      }
      return lines;
    } catch (error) {
      this.#complaints.about(file.location, error);
      return undefined;
    }
  }

  /** Takes what is left of a file that is gone, and lets go of it. */
  async #finish(file: FollowedFile, emit: Emit<LineRecord>): Promise<void> {
    const nowMs = this.#host.clock.now();
    const rest = await file.readRest(this.#buffers, nowMs).catch((error: unknown) => {
      this.#complaints.about(file.location, error);
    });
    if (rest) await this.#take(file, rest, emit);
    await this.#files.remove(file);
    this.#batch.forget(file.identity);
  }

  async #take(file: FollowedFile, lines: ReadRecords, emit: Emit<LineRecord>): Promise<void> {
    const readAtMs = this.#host.clock.now();
    const count = lines.ends.length;
    this.#batch.addOverLong(lines.overLongCount);
    this.#overLongCount += lines.overLongCount;
    this.#lineCount += count;
    for (let from = 0; from < count; ) {
      const to = batchEnd(lines, from);
      this.#damagedTextCount += this.#batch.put(file, { lines, from, to }, readAtMs);
      await this.#flush(emit);
      from = to;
    }
  }

  async #flush(emit: Emit<LineRecord>): Promise<void> {
    const batch = this.#batch.take();
    if (batch !== undefined) await emit(batch);
  }
}
