import { isUtf8 } from 'node:buffer';
import { DbEventError, type DbEventErrorCode } from '@dbem/db-event';
import { minimumSizeOf, ThriftType } from './thrift-type';

/** Maximum nesting of structs, lists, sets and maps; a message of the contract needs five levels. */
const MAX_DEPTH = 32;

/** Measured: up to this length checking each byte for ASCII is faster than creating a view and validating UTF-8. */
const SHORT_STRING_BYTES = 48;

/** `toString` calls it internally. It exists in Node, but not in its types. */
type Sliceable = Buffer & { latin1Slice(start: number, end: number): string };

/** Scratch space to read an i64; `Buffer` would create three bigints for each. */
const I64_BYTES = new Uint8Array(8);
const I64 = new DataView(I64_BYTES.buffer);

/**
 * Reads Thrift's binary protocol from untrusted bytes: every length and count is checked against the remaining bytes
 * before it is used, so memory use is bounded by the size of the message. Throws a DbEventError with the given code and
 * the offset.
 *
 * Has the methods that `read` of the generated stubs calls. Differs from the `thrift` package's reader: an i64 is a
 * bigint, a string must be UTF-8, and bytes are a view of the buffer, not a copy.
 */
export class ThriftReader {
  private offset = 0;
  private depth = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly faultCode: DbEventErrorCode,
  ) {}

  /** The next field's type and id; type STOP at the end of the struct. */
  readFieldBegin(): { ftype: number; fid: number } {
    const ftype = this.readByte();
    return { ftype, fid: ftype === ThriftType.STOP ? 0 : this.readI16() };
  }

  readByte(): number {
    this.require(1);
    return this.bytes[this.offset++] as number;
  }

  readBool(): boolean {
    return this.readByte() !== 0;
  }

  readI16(): number {
    this.require(2);
    const value = this.bytes.readInt16BE(this.offset);
    this.offset += 2;
    return value;
  }

  readI32(): number {
    this.require(4);
    const value = this.bytes.readInt32BE(this.offset);
    this.offset += 4;
    return value;
  }

  readI64(): bigint {
    this.require(8);
    for (let index = 0; index < 8; index += 1) I64_BYTES[index] = this.bytes[this.offset++] as number;
    return I64.getBigInt64(0);
  }

  readDouble(): number {
    this.require(8);
    const value = this.bytes.readDoubleBE(this.offset);
    this.offset += 8;
    return value;
  }

  /** Returns a view of the buffer. */
  readBinary(): Buffer {
    const start = this.skipBinary();
    return this.bytes.subarray(start, this.offset);
  }

  readString(): string {
    const start = this.skipBinary();
    if (this.offset - start <= SHORT_STRING_BYTES && this.isAscii(start, this.offset)) {
      return (this.bytes as Sliceable).latin1Slice(start, this.offset);
    }
    const value = this.bytes.subarray(start, this.offset);
    if (!isUtf8(value)) this.fail('a string that is not UTF-8');
    return value.toString('utf8');
  }

  readListBegin(): { etype: number; size: number } {
    this.enter();
    const etype = this.readByte();
    return { etype, size: this.readCount(this.minimumSize(etype)) };
  }

  readListEnd(): void {
    this.depth -= 1;
  }

  readSetBegin(): { etype: number; size: number } {
    return this.readListBegin();
  }

  readSetEnd(): void {
    this.readListEnd();
  }

  readMapBegin(): { ktype: number; vtype: number; size: number } {
    this.enter();
    const ktype = this.readByte();
    const vtype = this.readByte();
    const size = this.readI32();
    if (size === 0) return { ktype, vtype, size };
    this.checkCount(size, this.minimumSize(ktype) + this.minimumSize(vtype));
    return { ktype, vtype, size };
  }

  readMapEnd(): void {
    this.depth -= 1;
  }

  readStructBegin(): void {
    this.enter();
  }

  readStructEnd(): void {
    this.depth -= 1;
  }

  readFieldEnd(): void {}

  skip(type: number): void {
    switch (type) {
      case ThriftType.STRING:
        this.skipBinary();
        return;
      case ThriftType.STRUCT:
        this.skipStruct();
        return;
      case ThriftType.LIST:
      case ThriftType.SET: {
        const { etype, size } = this.readListBegin();
        for (let index = 0; index < size; index += 1) this.skip(etype);
        this.readListEnd();
        return;
      }
      case ThriftType.MAP: {
        const { ktype, vtype, size } = this.readMapBegin();
        for (let index = 0; index < size; index += 1) {
          this.skip(ktype);
          this.skip(vtype);
        }
        this.readMapEnd();
        return;
      }
      default: {
        const size = this.minimumSize(type);
        this.require(size);
        this.offset += size;
      }
    }
  }

  /** Fails unless every byte has been read. */
  expectEnd(): void {
    const left = this.bytes.length - this.offset;
    if (left > 0) this.fail(`${left} bytes after the end`);
  }

  fail(found: string): never {
    throw new DbEventError(
      this.faultCode,
      `Invalid Thrift: ${found}, at offset ${this.offset} of ${this.bytes.length}`,
      {
        details: { offset: this.offset, length: this.bytes.length },
      },
    );
  }

  /** @returns the start of the bytes; they end at the current offset. */
  private skipBinary(): number {
    const length = this.readI32();
    if (length < 0 || length > this.bytes.length - this.offset) this.fail(`a length of ${length} bytes`);
    const start = this.offset;
    this.offset += length;
    return start;
  }

  private isAscii(start: number, end: number): boolean {
    let bits = 0;
    for (let index = start; index < end; index += 1) bits |= this.bytes[index] as number;
    return bits < 0x80;
  }

  private skipStruct(): void {
    this.readStructBegin();
    for (;;) {
      const { ftype } = this.readFieldBegin();
      if (ftype === ThriftType.STOP) break;
      this.skip(ftype);
    }
    this.readStructEnd();
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels of nesting`);
  }

  private readCount(minimumSize: number): number {
    const count = this.readI32();
    this.checkCount(count, minimumSize);
    return count;
  }

  private checkCount(count: number, minimumSize: number): void {
    if (count < 0 || count * minimumSize > this.bytes.length - this.offset) this.fail(`a count of ${count} elements`);
  }

  private minimumSize(type: number): number {
    return minimumSizeOf(type) ?? this.fail(`a value of the unknown type ${type}`);
  }

  private require(size: number): void {
    if (this.offset + size > this.bytes.length) this.fail('too few bytes for the value');
  }
}
