import type { Stat } from 'node-zookeeper-client';

export interface StatParts {
  /** The transaction that changed the node's data last. */
  readonly mzxid?: bigint;
  /** The transaction that changed its children last. */
  readonly pzxid?: bigint;
  readonly version?: number;
}

/** A node's state as ZooKeeper's client hands it out. */
export function statOf({ mzxid = 1n, pzxid = 1n, version = 0 }: StatParts): Stat {
  return {
    czxid: longOf(1n),
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
