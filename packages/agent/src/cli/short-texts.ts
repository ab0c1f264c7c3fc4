/** Ids, ages and sizes as people read them. */

/** Ids by their first eight digits, as in `ods-9a88ff37…`; `--json` has all of them. */
export function short(text: string): string {
  return text.replace(/([\da-f]{8})(?:-?[\da-f]{4}){3}-?[\da-f]{12}/gi, '$1…');
}

/** `26 h` */
export function age(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - thenMs) / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** `2026-11-21T12:00:00.000Z`; what a damaged file holds may be no time at all. */
export function instant(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}

/** `812 B`, `4.1 kB`, `12.3 MB`, `10.0 GB` */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
