import type { Transaction } from 'node-zookeeper-client';

const CONDITIONAL = ['check', 'setData', 'remove'] as const;

/**
 * The library treats version 0, which a node has before its first change, as "any version", so a conflicting first
 * change would not be rejected. This wrapper sends 0 as 0.
 */
export function withExactVersions(transaction: Transaction): Transaction {
  const { ops } = transaction as unknown as { ops: { version: number }[] };
  const methods = transaction as unknown as Record<string, (...args: unknown[]) => Transaction>;
  for (const name of CONDITIONAL) {
    const add = (methods[name] as (...args: unknown[]) => Transaction).bind(transaction);
    methods[name] = (...args) => {
      add(...args);
      const version = args.at(-1);
      const added = ops.at(-1);
      if (added !== undefined && typeof version === 'number') added.version = version;
      return transaction;
    };
  }
  return transaction;
}
