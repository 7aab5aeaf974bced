import { ThriftType } from './thrift-type';

const INITIAL_SIZE = 512;

/**
 * Writes Thrift's binary protocol into a growing buffer. Has the methods that `write` of the generated stubs calls.
 * Differs from the `thrift` package's writer: an i64 is a bigint, a string is always written as UTF-8, and bytes must
 * be a Buffer.
 */
export class ThriftWriter {
  private bytes = Buffer.allocUnsafe(INITIAL_SIZE);
  private length = 0;

  writeFieldBegin(_name: string, type: number, id: number): void {
    this.ensureCapacity(3);
    this.bytes[this.length] = type;
    this.bytes.writeInt16BE(id, this.length + 1);
    this.length += 3;
  }

  writeFieldStop(): void {
    this.writeByte(ThriftType.STOP);
  }

  writeByte(value: number): void {
    this.ensureCapacity(1);
    this.bytes[this.length++] = value;
  }

  writeBool(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  writeI32(value: number): void {
    this.ensureCapacity(4);
    this.length = this.bytes.writeInt32BE(value, this.length);
  }

  writeI64(value: bigint): void {
    this.ensureCapacity(8);
    this.length = this.bytes.writeBigInt64BE(value, this.length);
  }

  writeString(value: string): void {
    const size = Buffer.byteLength(value);
    this.writeI32(size);
    this.ensureCapacity(size);
    this.length += this.bytes.write(value, this.length, 'utf8');
  }

  writeBinary(value: Buffer): void {
    this.writeI32(value.length);
    this.ensureCapacity(value.length);
    this.length += value.copy(this.bytes, this.length);
  }

  /** Writes the output of `write` as a binary value, preceded by its length. */
  writeNested(write: () => void): void {
    this.writeI32(0);
    const start = this.length;
    write();
    this.bytes.writeInt32BE(this.length - start, start - 4);
  }

  writeListBegin(elementType: number, size: number): void {
    this.writeByte(elementType);
    this.writeI32(size);
  }

  writeStructBegin(): void {}
  writeStructEnd(): void {}
  writeFieldEnd(): void {}
  writeListEnd(): void {}

  /** The written bytes, as a view. The writer must not be used afterwards. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private ensureCapacity(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
