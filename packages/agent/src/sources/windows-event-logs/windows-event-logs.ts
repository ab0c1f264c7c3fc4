/**
 * One channel of the Windows event log, read from files: `.evtx` logs, finished or still being
 * written, and event XML. Every file is followed on its own; one that is missing or damaged
 * does not hold up the others.
 */

import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { Host } from '../../host/host.ts';
import type { CommittedCursors, Emit, Source } from '../source.ts';
import { EventFile, type EventFileStatus } from './event-file.ts';

export interface WindowsEventLogsSettings {
  readonly key: string;
  readonly channel: string;
  /** Files that stand for the channel; empty when the configuration names none. */
  readonly paths: readonly string[];
}

export function openWindowsEventLogs(
  settings: WindowsEventLogsSettings,
  cursors: CommittedCursors,
  host: Host,
): Source<WindowsEventRecord> {
  const { key, channel, paths } = settings;
  const log = host.log.child({ source: key });
  const files = paths.map((path) => {
    const cursorKey = `${key}#${path}`;
    return new EventFile({ path, cursorKey, cursor: cursors.get(cursorKey) }, { ...host, log });
  });
  return {
    key,
    describe: () => ({
      channel,
      files: files.map((file): EventFileStatus => file.status()),
      ...(files.length === 0 && { hint: noFileHint(channel) }),
    }),
    async run(emit: Emit<WindowsEventRecord>, signal: AbortSignal): Promise<void> {
      if (files.length === 0) {
        log.warn({ channel }, noFileHint(channel));
        await aborted(signal);
      }
      await runAll(files, emit, signal);
    },
  };
}

function noFileHint(channel: string): string {
  return `nothing is read: name the channel's file under sources.windowsEventLogs.channels, such as '${channel}: /path/to/log.evtx'`;
}

/** A file that fails for good takes the source with it, so that the supervisor opens all anew. */
async function runAll(
  files: readonly EventFile[],
  emit: Emit<WindowsEventRecord>,
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const results = await Promise.allSettled(
    files.map((file) =>
      file.follow(emit, either).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
