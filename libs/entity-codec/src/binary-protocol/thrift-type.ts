/** Thrift's type codes on the wire. */
export const ThriftType = {
  STOP: 0,
  BOOL: 2,
  BYTE: 3,
  DOUBLE: 4,
  I16: 6,
  I32: 8,
  I64: 10,
  STRING: 11,
  STRUCT: 12,
  MAP: 13,
  SET: 14,
  LIST: 15,
} as const;

/** The minimum size of a value, bytes; undefined for an unknown type. */
export function minimumSizeOf(type: number): number | undefined {
  switch (type) {
    case ThriftType.BOOL:
    case ThriftType.BYTE:
    case ThriftType.STRUCT:
      return 1;
    case ThriftType.I16:
      return 2;
    case ThriftType.I32:
    case ThriftType.STRING:
      return 4;
    case ThriftType.DOUBLE:
    case ThriftType.I64:
      return 8;
    case ThriftType.SET:
    case ThriftType.LIST:
      return 5;
    case ThriftType.MAP:
      return 6;
    default:
      return undefined;
  }
}
