/** JSON that is known beforehand, kept so that it is written four bytes at a time. */

export class JsonLiteral {
  readonly length: number;
  /** The bytes, with zeros behind them up to a whole word. */
  readonly words: Int32Array;

  constructor(json: string) {
    const bytes = Buffer.from(json);
    this.length = bytes.length;
    const padded = new DataView(new ArrayBuffer(4 * Math.ceil(bytes.length / 4)));
    for (let i = 0; i < bytes.length; i++) padded.setUint8(i, bytes[i]!);
    this.words = Int32Array.from({ length: padded.byteLength / 4 }, (_, i) =>
      padded.getInt32(4 * i, true),
    );
  }
}

/** A text as the content of a JSON string, without its quotes. */
export function jsonContent(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
