import { ThriftType } from './thrift-type';

const FIRST_SIZE = 512;

/**
 * Writes Thrift's binary protocol into a buffer that grows. Has the methods that the generated stubs' `write` calls.
 * Differs from the `thrift` package's writer in this: an i64 is a bigint, a string is always written as UTF-8, and bytes
 * must be a Buffer.
 */
export class ThriftWriter {
  private bytes = Buffer.allocUnsafe(FIRST_SIZE);
  private length = 0;

  writeFieldBegin(_name: string, type: number, id: number): void {
    this.makeRoom(3);
    this.bytes[this.length] = type;
    this.bytes.writeInt16BE(id, this.length + 1);
    this.length += 3;
  }

  writeFieldStop(): void {
    this.writeByte(ThriftType.STOP);
  }

  writeByte(value: number): void {
    this.makeRoom(1);
    this.bytes[this.length++] = value;
  }

  writeBool(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  writeI32(value: number): void {
    this.makeRoom(4);
    this.length = this.bytes.writeInt32BE(value, this.length);
  }

  writeI64(value: bigint): void {
    this.makeRoom(8);
    this.length = this.bytes.writeBigInt64BE(value, this.length);
  }

  writeString(value: string): void {
    const size = Buffer.byteLength(value);
    this.writeI32(size);
    this.makeRoom(size);
    this.length += this.bytes.write(value, this.length, 'utf8');
  }

  writeBinary(value: Buffer): void {
    this.writeI32(value.length);
    this.makeRoom(value.length);
    this.length += value.copy(this.bytes, this.length);
  }

  /** Writes what `write` writes as a binary value: its length first. */
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

  /** What was written, as a view. The writer is used up. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private makeRoom(size: number): void {
    const needed = this.length + size;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
