/** Printing for people and pipes. */

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLines(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

export function complain(message: string): void {
  process.stderr.write(`dcr-agent: ${message}\n`);
}

/** One record a line, byte for byte; or indented, which may write numbers in another way. */
export function printRecords(records: readonly Uint8Array[], isPretty: boolean): void {
  const lines = records.map((record) => {
    if (!isPretty) return Buffer.concat([record, Buffer.from('\n')]);
    const value: unknown = JSON.parse(Buffer.from(record).toString());
    return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  });
  process.stdout.write(Buffer.concat(lines));
}

/** Of a list that was cut; nothing for a whole one. */
export function moreLine(shown: number, count: number, what: string): string[] {
  return shown < count ? [`… and ${count - shown} more ${what}; --limit shows them`] : [];
}
