/** Text of syslog, as a daemon writes or sends it, through the flows of syslog. */
import { createReadStream } from 'node:fs';
import { isAgentError } from '../errors.ts';
import type { SyslogRecord } from '../record.ts';
import { priorityText, syslogChange } from './compare/message-change.ts';
import type { InputTally } from './input-tally.ts';
import { piecesOf } from './replay-events.ts';
import { sourcesFor } from './replay-input.ts';
import type { ReplayRun } from './replay-run.ts';
import { SyslogBatches } from './syslog-batches.ts';

const CHUNK_BYTES = 64 * 1024;

/** Resolves when every file was read, as far as it can be. */
export async function replaySyslog(run: ReplayRun, tally: InputTally): Promise<void> {
  const { clock, versions } = run;
  const now = sourcesFor(run.now, tally.input);
  const group = run.group<SyslogRecord>({
    now,
    old: versions ? sourcesFor(versions.old, tally.input) : [],
  });
  const describe = (record: SyslogRecord): ReturnType<typeof syslogChange> =>
    versions ? syslogChange(record, versions.old, versions.now) : run.noChange;
  for (const file of tally.input.files) {
    run.progress.begin(file);
    const batches = new SyslogBatches(clock, {
      message(message, timeMs) {
        tally.records += 1;
        tally.addPart(priorityText(message), now.length > 0);
        group.span.add(timeMs);
      },
      batch: (make) => group.process(make, clock.nowMs, describe),
    });
    const isStandard = file.name === '-';
    const stream = isStandard
      ? run.stdin()
      : createReadStream(file.name, { highWaterMark: CHUNK_BYTES });
    let bytes = 0;
    try {
      for await (const piece of piecesOf(stream, file.name)) {
        batches.push(piece);
        bytes += piece.length;
        run.progress.at(bytes);
        await group.settle();
      }
    } catch (error) {
      if (!isAgentError(error, 'SOURCE_UNAVAILABLE')) throw error;
      tally.isUnreadable = true;
      run.complain(tally, [error.message]);
    }
    batches.end();
    tally.bytes += bytes;
    if (batches.truncatedCount > 0) {
      const what = `${batches.truncatedCount} messages longer than 65536 bytes were cut`;
      run.complain(tally, [`${file.name}: ${what}, as the agent does`]);
    }
  }
  await group.end();
}
