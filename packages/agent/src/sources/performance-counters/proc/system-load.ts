/** /proc/loadavg and /proc/uptime. Source: proc_loadavg(5), proc_uptime(5). */

export interface LoadAverages {
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
}

export function parseLoadAverages(text: string): LoadAverages | undefined {
  const [load1, load5, load15] = text.split(' ').map(decimal);
  if (load1 === undefined || load5 === undefined || load15 === undefined) return undefined;
  return { load1, load5, load15 };
}

/** Seconds since the start. */
export function parseUptime(text: string): number | undefined {
  return decimal(text.split(' ')[0] ?? '');
}

function decimal(text: string): number | undefined {
  return /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}
