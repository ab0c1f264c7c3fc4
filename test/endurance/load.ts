/**
 * What is collected: a stream of syslog messages over TCP, a growing text log and a growing
 * event log. Each writes numbered records, from 1 on, at a steady rate until it is stopped.
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { EvtxAppender } from '../support/evtx-writer/evtx-appender.ts';
import { numberedEvent } from '../support/numbered-events.ts';
import type { NumberedTexts } from './numbered-text.ts';

const TICK_MS = 20;
/** A process that was held up does not make up for all of it at once. */
const LATE_MS_MAX = 500;

export interface Writer {
  /** Number of the last record that was written. */
  readonly written: number;
  /** Resolves after the last record. Twice is harmless. */
  stop(): Promise<void>;
}

/** Calls `write` with how many records are due, again and again. */
function atRate(perSecond: number, write: (count: number) => void): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    let owed = 0;
    let last = performance.now();
    while (!signal.aborted) {
      await delay(TICK_MS, undefined, { signal }).catch(() => {});
      const now = performance.now();
      owed += (Math.min(now - last, LATE_MS_MAX) / 1_000) * perSecond;
      last = now;
      const due = Math.floor(owed);
      owed -= due;
      if (due > 0 && !signal.aborted) write(due);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** Calls after the first wait for it. */
function once(stop: () => Promise<void>): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= stop();
    return stopped;
  };
}

/** One connection's share of the messages. */
export interface Sent {
  readonly first: number;
  last: number;
  /** On the monotonic clock; infinite while it is open. */
  closedAtMs: number;
}

export interface SyslogSender extends Writer {
  /** In the order of the connections; numbers have no gaps. */
  readonly connections: readonly Sent[];
  /** On the monotonic clock. */
  sentAt(number: number): number;
  /** Sends there from now on; until it works, and after the connection broke, nowhere. */
  connect(port: number): void;
}

const SYSLOG_HEAD = '<30>1 2026-11-20T10:00:00.000Z node1 storm 7 - - ';

/** Presses back as TCP does: while the agent takes nothing, nothing is written. */
export function startSyslogSender(texts: NumberedTexts, perSecond: number): SyslogSender {
  const connections: Sent[] = [];
  const slices: { readonly first: number; readonly atMs: number }[] = [];
  let written = 0;
  let socket: Socket | undefined;
  const stop = atRate(perSecond, (count) => {
    if (socket === undefined || socket.writableNeedDrain) return;
    slices.push({ first: written + 1, atMs: performance.now() });
    let frames = '';
    for (let i = 0; i < count; i++) frames += `${SYSLOG_HEAD}${texts('messages', ++written)}\n`;
    connections.at(-1)!.last = written;
    socket.write(frames);
  });
  const disconnect = (): void => {
    socket?.destroy();
    socket = undefined;
  };
  return {
    connections,
    get written() {
      return written;
    },
    sentAt: (number) => slices.findLast(({ first }) => first <= number)?.atMs ?? 0,
    connect(port) {
      disconnect();
      const next = createConnection(port, '127.0.0.1', () => {
        const sent = { first: written + 1, last: written, closedAtMs: Number.POSITIVE_INFINITY };
        connections.push(sent);
        socket = next;
        next.on('close', () => {
          sent.closedAtMs = performance.now();
          if (socket === next) socket = undefined;
        });
      });
      // A process that was killed breaks its connections, one that is not there takes none.
      next.on('error', () => {});
    },
    stop: once(async () => {
      await stop();
      await new Promise<void>((resolve) => {
        if (socket === undefined) resolve();
        else socket.end(resolve);
      });
    }),
  };
}

export interface LineWriterOptions {
  readonly path: string;
  readonly perSecond: number;
  /** The file is renamed and begun anew when it is larger. */
  readonly rotateBytes?: number;
}

/** Appends lines; now and then half of one first, as buffered writers do. */
export function startLineWriter(texts: NumberedTexts, options: LineWriterOptions): Writer {
  const { path, perSecond, rotateBytes = Number.POSITIVE_INFINITY } = options;
  let file = openSync(path, 'a');
  let bytes = 0;
  let written = 0;
  let held = Buffer.alloc(0);
  const stop = atRate(perSecond, (count) => {
    if (bytes > rotateBytes && held.length === 0) {
      closeSync(file);
      renameSync(path, `${path}.1`);
      file = openSync(path, 'a');
      bytes = 0;
    }
    let lines = '';
    for (let i = 0; i < count; i++) lines += `${texts('lines', ++written)}\n`;
    const due = Buffer.concat([held, Buffer.from(lines)]);
    const isWhole = written % 3 !== 0;
    const now = isWhole ? due : due.subarray(0, due.length - 7);
    held = Buffer.from(due.subarray(now.length));
    bytes += writeSync(file, now);
  });
  return {
    get written() {
      return written;
    },
    stop: once(async () => {
      await stop();
      writeSync(file, held);
      closeSync(file);
    }),
  };
}

/** Events of the channel `Application`. */
export function startEventWriter(texts: NumberedTexts, path: string, perSecond: number): Writer {
  const appender = new EvtxAppender(path);
  let written = 0;
  const stop = atRate(perSecond, (count) => {
    const events = Array.from({ length: count }, () => {
      written += 1;
      const markup = `<Data Name="Number">${texts('events', written)}</Data>`;
      return numberedEvent(written).replace(/<Data .*<\/Data>/, () => markup);
    });
    appender.append(...events);
  });
  return {
    get written() {
      return written;
    },
    stop,
  };
}
