/**
 * A syslog source in a process of its own, so that its memory can be measured beside nothing else.
 * The parent gives the settings as JSON, and is sent the port; whatever it sends then is answered
 * with what the source says of itself and its memory after a collection. Records are only counted.
 * `--expose-gc syslog-process.ts <settings>`, with a channel for messages.
 */
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { openSyslog, type SyslogSettings } from '../../packages/agent/src/sources/syslog/syslog.ts';
import { createFakeHost } from './fake-host.ts';
import { until } from './until.ts';

export interface SyslogProcessReport {
  readonly described: Readonly<Record<string, unknown>>;
  /** Of the heap and beside it, in use. */
  readonly memoryBytes: number;
  readonly residentBytes: number;
  /** The longest text of a record so far. */
  readonly longestBytes: number;
}

const settings = JSON.parse(process.argv[2]!) as SyslogSettings;
const source = openSyslog(settings, { ...createFakeHost(), clock: systemClock });
let longestBytes = 0;

function report(): SyslogProcessReport {
  global.gc!();
  const { heapUsed, external, rss } = process.memoryUsage();
  const described = source.describe!();
  return { described, memoryBytes: heapUsed + external, residentBytes: rss, longestBytes };
}

process.on('message', () => process.send!(report()));
process.on('disconnect', () => process.exit());
const run = source.run(async ({ records }) => {
  records.each(({ parts }) => {
    longestBytes = Math.max(longestBytes, parts.messageEnd - parts.messageStart);
  });
}, new AbortController().signal);
await Promise.race([
  run,
  until('it listens', () => (source.describe!().tcp as unknown[]).length > 0),
]);
process.send!((source.describe!().tcp as { port: number }[])[0]!.port);
await run;
