/** What was read ends before the format says it does, or says something that cannot be. */
export class BadBytes extends Error {
  override readonly name = 'BadBytes';
}

const VARINT_BYTES_MAX = 10;

/** Reads Kafka's binary forms. Every step is bounded by the bytes that are there; what lies beyond is `BadBytes`. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.step(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.step(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.step(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.step(8));
  }

  /** Shares memory with what is read. */
  take(length: number): Buffer {
    const from = this.step(length);
    return this.bytes.subarray(from, from + length);
  }

  /** INT16 length and UTF-8. */
  text(): string {
    return this.take(Math.max(0, this.int16())).toString('utf8');
  }

  /** Zigzag, up to 64 bits; as a number only when it can be one. */
  varint(): number {
    const value = this.varlong();
    if (value < BigInt(Number.MIN_SAFE_INTEGER) || value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadBytes('a number beyond any length');
    return Number(value);
  }

  varlong(): bigint {
    let small = 0;
    for (let i = 0; i < 4; i += 1) {
      const byte = this.byte();
      small |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return BigInt((small >>> 1) ^ -(small & 1));
    }
    let value = BigInt(small);
    for (let i = 4; i < VARINT_BYTES_MAX; i += 1) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new BadBytes('a number without an end');
  }

  /** Varint length and bytes; null for −1. */
  varBytes(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.take(length);
  }

  private byte(): number {
    return this.bytes[this.step(1)] as number;
  }

  private step(length: number): number {
    if (length < 0 || length > this.left) throw new BadBytes('shorter than it says');
    const from = this.at;
    this.at += length;
    return from;
  }
}
