/** The agent's own log on pino: JSON lines, or one readable line per entry. */
import { type DestinationStream, pino } from 'pino';
import type { Log } from './log.ts';
import { printable } from './printable.ts';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'text';
}

/** `write` takes whole lines, the line's end included. */
export function createPinoLog(options: LogOptions, write: (line: string) => void): Log {
  const stream: DestinationStream = {
    write: options.format === 'json' ? write : (line) => write(readable(line)),
  };
  const base = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ ...base, formatters }, stream);
}

/** `2026-11-21T10:00:00.000Z warn  a source waits  source=syslog reason="the disk is full"` */
function readable(line: string): string {
  const { time, level, msg, ...facts } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(facts).map(([name, value]) => ` ${name}=${factText(value)}`);
  const text = `${time} ${String(level).padEnd(5)} ${msg}${rest.length > 0 ? ' ' : ''}${rest.join('')}`;
  return `${printable(text)}\n`;
}

/** A word stands as it is; whatever has blanks, quotes or structure is JSON. */
function factText(value: unknown): string {
  return typeof value === 'string' && /^[^\s"'={}[\]]+$/.test(value)
    ? value
    : JSON.stringify(value);
}
