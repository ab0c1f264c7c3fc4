/** The moment that `timediff` measures to. */
import { readTime } from '@dcr-agent/schema/event-queries';
import { CommanderError } from 'commander';
import { systemClock } from '../../host/clock.ts';
import { printable } from '../../host/printable.ts';
import { EXIT } from '../exit-codes.ts';

/**
 * Milliseconds since 1970 of a time as queries write it, in UTC if it does not say otherwise; now
 * when there is none. Throws where the text is no time, or one that does not exist.
 */
export function readNow(text: string | undefined): number {
  if (text === undefined) return systemClock.now();
  const instant = readTime(text);
  if (instant !== null) return instant.epochMs;
  const hint = 'write it as 2025-06-09T00:00:00Z, in UTC where no zone is given';
  const message = `error: --now: '${printable(text)}' is not a time; ${hint}`;
  process.stderr.write(`${message}\n`);
  throw new CommanderError(EXIT.usage, 'dcr-agent.now', message);
}
