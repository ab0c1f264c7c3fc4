/** Text of syslog, as a daemon writes or sends it, through the flows of syslog. */
import { createReadStream } from 'node:fs';
import { AgentError, isAgentError } from '../errors.ts';
import type { SyslogRecord } from '../record.ts';
import { askedSyslog } from './asked-parts.ts';
import { priorityText, syslogChange } from './compare/message-change.ts';
import { foreignToSyslog, HEAD_BYTES } from './foreign-input.ts';
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
  const asked = now.length > 0 ? 'yes' : askedSyslog(run.now);
  const describe = (record: SyslogRecord): ReturnType<typeof syslogChange> =>
    versions ? syslogChange(record, versions.old, versions.now) : run.noChange;
  for (const file of tally.input.files) {
    run.progress.begin(file);
    const batches = new SyslogBatches(clock, {
      message(message, timeMs) {
        tally.records += 1;
        tally.addPart(priorityText(message), asked);
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
      for await (const piece of textOf(piecesOf(stream, file.name), file.name)) {
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

/** The same bytes. Throws `SOURCE_UNAVAILABLE` before the first where they are no text of syslog. */
async function* textOf(
  pieces: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer, void, void> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (head === undefined) {
      yield piece;
      continue;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < HEAD_BYTES) continue;
    refuseForeign(head, name);
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  refuseForeign(head, name);
  yield head;
}

function refuseForeign(head: Buffer, name: string): void {
  const foreign = foreignToSyslog(head);
  if (foreign === undefined) return;
  const where = name === '-' ? 'standard input' : name;
  throw new AgentError('SOURCE_UNAVAILABLE', `cannot read ${where}: ${foreign}`);
}
