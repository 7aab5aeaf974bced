import type { Transaction } from 'node-zookeeper-client';

const CONDITIONAL = ['check', 'setData', 'remove'] as const;

/**
 * The library takes 0, the version of a node that was never changed, for "any": so the first of all changes would never be
 * refused. Here 0 is 0.
 */
export function withExactVersions(transaction: Transaction): Transaction {
  const { ops } = transaction as unknown as { ops: { version: number }[] };
  const methods = transaction as unknown as Record<string, (...given: unknown[]) => Transaction>;
  for (const name of CONDITIONAL) {
    const add = (methods[name] as (...given: unknown[]) => Transaction).bind(transaction);
    methods[name] = (...given) => {
      add(...given);
      const version = given.at(-1);
      const added = ops.at(-1);
      if (added !== undefined && typeof version === 'number') added.version = version;
      return transaction;
    };
  }
  return transaction;
}
