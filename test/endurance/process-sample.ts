/** What a process holds, as Linux tells it. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProcessSample {
  /** Since the first sample. */
  readonly seconds: number;
  readonly rssMegabytes: number;
  readonly handles: number;
  readonly stateMegabytes: number;
}

/** Of a living process. Throws where there is no `/proc`. */
export function sampleProcess(pid: number, stateDir: string, seconds: number): ProcessSample {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    seconds,
    rssMegabytes: (Number(kilobytes) * 1_024) / 1e6,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    stateMegabytes: folderBytes(stateDir) / 1e6,
  };
}

/** Files come and go meanwhile. */
function folderBytes(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.reduce((sum, name) => {
    const status = lstatSync(join(folder, name), { throwIfNoEntry: false });
    return sum + (status?.isFile() ? status.size : 0);
  }, 0);
}

export interface Trend {
  readonly max: number;
  /** By least squares. */
  readonly perHour: number;
}

/** At least two samples at different times. */
export function trendOf(
  samples: readonly ProcessSample[],
  what: (of: ProcessSample) => number,
): Trend {
  const mean = (of: (sample: ProcessSample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const at = mean(({ seconds }) => seconds);
  const value = mean(what);
  const together = mean((sample) => (sample.seconds - at) * (what(sample) - value));
  const spread = mean((sample) => (sample.seconds - at) ** 2);
  return { max: Math.max(...samples.map(what)), perHour: (together / spread) * 3_600 };
}

/** User and system time of all threads so far. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/**
 * How long the process has been waiting for a processor so far, milliseconds: its main thread, and
 * the one of the others that waited most. 0 where the system does not tell.
 */
export function waitedMs(pid: number): number {
  const [main = 0, ...others] = threadsOf(pid).map((thread) => {
    const text = readIfThere(`/proc/${pid}/task/${thread}/schedstat`);
    return Number(text?.split(' ')[1] ?? 0) / 1e6;
  });
  return main + Math.max(0, ...others);
}

/** The main thread first. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).toSorted((a, b) => Number(a) - Number(b));
  } catch {
    return [];
  }
}

/** Threads come and go. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
