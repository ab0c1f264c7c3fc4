/** `dcr-agent filter` at work: queries over files, one output. */

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { DamageReport } from '../../damage-report.ts';
import { AgentError, isAgentError, reasonOf } from '../../errors.ts';
import type { EventVisitor } from '../../eventlog/decode-chunk.ts';
import {
  type EventFileContent,
  type EventFileOptions,
  readEventFile,
} from '../../eventlog/event-file.ts';
import { EventQueries } from '../../eventlog/query/event-queries.ts';
import { TemplateCache } from '../../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { EXIT } from '../exit-codes.ts';
import type { InputFile } from '../files/input-files.ts';
import type { FilterOutput } from './filter-output.ts';
import type { FilterQuery } from './filter-query.ts';
import type { Progress } from './progress.ts';

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
  const isStandard = file.name === '-';
  const stream = isStandard ? stdin() : createReadStream(file.name);
  yield* readEventXmlStream(
    bytesOf(stream, isStandard ? 'standard input' : file.name),
    options.visit,
  );
}

/** Throws `SOURCE_UNAVAILABLE` where reading fails. */
async function* bytesOf(stream: Readable, name: string): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    const message = `cannot read ${name}: ${reasonOf(error)}`;
    throw new AgentError('SOURCE_UNAVAILABLE', message, { cause: error });
  }
}
