import type { Stat } from 'node-zookeeper-client';

export interface StatParts {
  /** The transaction that created the node. */
  readonly czxid?: bigint;
  /** The last transaction that changed the node's data. */
  readonly mzxid?: bigint;
  /** The last transaction that changed its children. */
  readonly pzxid?: bigint;
  readonly version?: number;
}

/** A node's `Stat` as the ZooKeeper client returns it. */
export function statOf({ czxid = 1n, mzxid = 1n, pzxid = 1n, version = 0 }: StatParts): Stat {
  return {
    czxid: longOf(czxid),
    mzxid: longOf(mzxid),
    pzxid: longOf(pzxid),
    ctime: longOf(0n),
    mtime: longOf(0n),
    version,
    cversion: 0,
    aversion: 0,
    ephemeralOwner: longOf(0n),
    dataLength: 0,
    numChildren: 0,
  };
}

function longOf(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}
