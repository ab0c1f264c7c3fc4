/** A log that keeps what was said, for tests that care what an operator would read. */
import type { Log } from '../../packages/agent/src/host/log.ts';

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly facts: object;
  readonly message: string;
}

export interface RecordedLog extends Log {
  readonly entries: LogEntry[];
}

export function createRecordedLog(facts: object = {}, entries: LogEntry[] = []): RecordedLog {
  const write =
    (level: LogEntry['level']) =>
    (own: object, message: string): void => {
      entries.push({ level, facts: { ...facts, ...own }, message });
    };
  return {
    entries,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (more) => createRecordedLog({ ...facts, ...more }, entries),
  };
}
