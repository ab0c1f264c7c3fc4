/** `dcr-agent filter` at work: queries over files, one output. */

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { isAgentError } from '../../errors.ts';
import type { Damage } from '../../eventlog/damage.ts';
import type { EventVisitor } from '../../eventlog/decode-chunk.ts';
import {
  type EventFileContent,
  type EventFileOptions,
  readEventFile,
} from '../../eventlog/event-file.ts';
import { EventQueries } from '../../eventlog/query/event-queries.ts';
import { TemplateCache } from '../../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { printable } from '../../host/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { FilterOutput } from './filter-output.ts';
import type { FilterQuery } from './filter-query.ts';
import type { InputFile } from './input-files.ts';
import type { Progress } from './progress.ts';

/** Damaged places of one file that are told one by one. */
const DAMAGE_TOLD_MAX = 10;

export interface FilterRun {
  readonly files: readonly InputFile[];
  readonly queries: readonly FilterQuery[];
  readonly nowMs: number;
  /** Check every checksum; a wrong one is a reason for 65. */
  readonly verify: boolean;
  readonly output: FilterOutput;
  readonly progress: Progress;
  stdin(): Readable;
  /** What is wrong with a file, in a line. */
  complain(line: string): void;
  /** Begins a file: results may name it. */
  fileBegins(name: string): void;
}

/**
 * Returns the exit code: 65 when a file could not be read or, if that was to be verified, is
 * damaged. The rest is read all the same.
 */
export async function runFilter(run: FilterRun): Promise<number> {
  const { output, progress, verify } = run;
  const conditions = run.queries.map(({ condition }) => condition);
  const queries = new EventQueries([...conditions, ...(output.alsoAsked ?? [])]);
  const templates = new TemplateCache();
  let code: number = EXIT.ok;
  for (const file of run.files) {
    run.fileBegins(file.name);
    progress.begin(file);
    const report = new DamageReport(file.name);
    let total = 0;
    let salvaged = 0;
    const visit: EventVisitor<WindowsEventRecord> = (event) => {
      total++;
      if (event.isSalvaged) salvaged++;
      const selected = event.selectedBy(queries, run.nowMs);
      if (selected.length > 0) output.event(event, selected);
      return false;
    };
    try {
      const options = { visit, templates, verify };
      for await (const { damage, bytesRead } of contentOf(file, options, run.stdin)) {
        report.add(damage);
        progress.at(bytesRead);
      }
    } catch (error) {
      if (!isAgentError(error, 'SOURCE_UNAVAILABLE')) throw error;
      report.fail(error.message);
    }
    output.endFile?.(file.name, { inPlace: total - salvaged, salvaged });
    if (report.isUnreadable(total) || (verify && report.isDamaged)) code = EXIT.badData;
    progress.clear();
    for (const line of report.lines(salvaged)) run.complain(line);
  }
  output.end?.();
  return code;
}

async function* contentOf(
  file: InputFile,
  options: EventFileOptions & { readonly visit: EventVisitor<WindowsEventRecord> },
  stdin: () => Readable,
): AsyncGenerator<EventFileContent, void, void> {
  if (file.kind === 'file') {
    yield* readEventFile(file.name, options);
    return;
  }
  const { readEventXmlStream } = await import('../../eventlog/event-xml-reader.ts');
  const stream = file.name === '-' ? stdin() : createReadStream(file.name);
  yield* readEventXmlStream(stream, options.visit);
}

/** What was wrong with one file. */
class DamageReport {
  readonly #name: string;
  readonly #told: string[] = [];
  #damaged = 0;
  #failure: string | undefined;

  constructor(name: string) {
    this.#name = printable(name);
  }

  add(damage: readonly Damage[]): void {
    for (const { reason, offset, length, detail } of damage) {
      this.#damaged++;
      if (this.#told.length === DAMAGE_TOLD_MAX) continue;
      const why = detail === undefined ? '' : `: ${detail}`;
      this.#told.push(`${this.#name}: ${reason} at offset ${offset}, ${length} bytes${why}`);
    }
  }

  fail(message: string): void {
    this.#failure = message;
  }

  get isDamaged(): boolean {
    return this.#damaged > 0;
  }

  /** Nothing in it is an event, and something else is. */
  isUnreadable(total: number): boolean {
    return this.#failure !== undefined || (total === 0 && this.#damaged > 0);
  }

  lines(salvaged: number): string[] {
    const lines = [...this.#told];
    const more = this.#damaged - this.#told.length;
    if (more > 0) lines.push(`${this.#name}: ${more} more damaged places`);
    if (salvaged > 0) lines.push(`${this.#name}: ${salvaged} events were found behind damage`);
    if (this.#failure !== undefined) lines.push(this.#failure);
    return lines;
  }
}
