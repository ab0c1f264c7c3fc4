/**
 * Fields that the Logs Ingestion API would cut are cut here, so that somebody counts them.
 * Source: Azure Monitor service limits, "Logs Ingestion API", read 2026-11: "Fields longer than
 * 64 KB are truncated". That it counts bytes of UTF-8 is inferred; nothing is said of ODS.
 */

/** A row that is no longer cannot hold such a field. */
export const FIELD_BYTES_MAX = 65_536;

/**
 * The row with every text of it no longer than a field may be, and how many were cut. `undefined`
 * when none is.
 */
export function cutLongFields(row: Buffer): { json: string; count: number } | undefined {
  let count = 0;
  const json = JSON.stringify(JSON.parse(row.toString()), (_, value: unknown) => {
    if (typeof value !== 'string' || value.length * 3 <= FIELD_BYTES_MAX) return value;
    const bytes = Buffer.from(value);
    if (bytes.length <= FIELD_BYTES_MAX) return value;
    count += 1;
    return bytes.toString('utf8', 0, wholeCharacters(bytes, FIELD_BYTES_MAX));
  });
  return count === 0 ? undefined : { json, count };
}

/** Where the last character ends that is whole within so many bytes. */
function wholeCharacters(utf8: Buffer, bytesMax: number): number {
  let end = bytesMax;
  while (end > 0 && (utf8[end]! & 0xc0) === 0x80) end -= 1;
  return end;
}
