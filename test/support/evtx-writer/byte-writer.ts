/** Little-endian writing into a chunk-sized buffer; running over its end is a `RangeError`. */
export class ByteWriter {
  readonly bytes: Buffer;
  at: number;

  constructor(size: number, at = 0) {
    this.bytes = Buffer.alloc(size);
    this.at = at;
  }

  u8(value: number): void {
    this.at = this.bytes.writeUInt8(value, this.at);
  }

  u16(value: number): void {
    this.at = this.bytes.writeUInt16LE(value, this.at);
  }

  u32(value: number): void {
    this.at = this.bytes.writeUInt32LE(value, this.at);
  }

  u64(value: bigint): void {
    this.at = this.bytes.writeBigUInt64LE(value, this.at);
  }

  raw(bytes: Uint8Array): void {
    if (this.at + bytes.length > this.bytes.length) throw new RangeError('out of room');
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Leaves room for a u32; the function returned fills it with the bytes written since. */
  sizeField(): () => void {
    const field = this.at;
    this.u32(0);
    return () => this.bytes.writeUInt32LE(this.at - field - 4, field);
  }
}
