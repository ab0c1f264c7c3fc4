/** A sender of messages and an ingestion service, each a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SinkStats, SinkVerdict } from './sink.ts';

/**
 * Sends so many messages to a port of loopback, as fast as they are taken or so many a second;
 * resolves when they are taken.
 */
export async function sendMessages(
  port: number,
  messages: number,
  perSecond = 0,
): Promise<{ startedAtMs: number }> {
  const load = child('load.ts', ...[port, messages, perSecond].map(String));
  const ended = once(load, 'exit');
  const sent = JSON.parse(await firstLine(load)) as { startedAtMs: number };
  await ended;
  return sent;
}

/** What the service has, by the first part of the path it was sent to. */
export interface Sink {
  readonly url: string;
  stats(): Promise<Readonly<Record<string, SinkStats>>>;
  /** Counts all records by their numbers, and forgets them. */
  verify(): Promise<Readonly<Record<string, SinkVerdict>>>;
  stop(): void;
}

export async function startSink(): Promise<Sink> {
  const sink = child('sink.ts');
  const url = `http://127.0.0.1:${await firstLine(sink)}`;
  const ask = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;
  return {
    url,
    stats: () => ask('/stats'),
    verify: () => ask('/verify'),
    stop: () => void sink.kill(),
  };
}

function child(script: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(of: ChildProcess): Promise<string> {
  let text = '';
  for await (const part of of.stdout!.setEncoding('utf8')) {
    text += part as string;
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}
