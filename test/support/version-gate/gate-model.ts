import { inTransaction } from '@dbem/postgres';
import fc from 'fast-check';
import type { Pool } from 'pg';
import { expect } from 'vitest';
import { compareKeys, type GateCandidate, keyText, passGate } from '../../../libs/replica/src/testing';

/** The fields that the candidates of a batch usually have in common. */
interface Kind {
  readonly publisher: string;
  readonly entityType: 'USER_PROFILE' | 'TENANT';
  readonly isDelete: boolean;
  readonly repairNumber: bigint | undefined;
}

const kind: fc.Arbitrary<Kind> = fc.record({
  publisher: fc.constantFrom('user.profile', 'registry'),
  entityType: fc.constantFrom('USER_PROFILE' as const, 'TENANT' as const),
  isDelete: fc.boolean(),
  repairNumber: fc.option(fc.bigInt({ min: 1n, max: 3n }), { nil: undefined }),
});

/** Ids may contain separators, quotes and the word NULL. */
const identity = fc.record({
  entityId: fc.constantFrom('a', 'b c', 'd"\\{,}', 'é NULL', 'NULL'),
  version: fc.bigInt({ min: 1n, max: 5n }),
});

function candidateOf({ publisher, entityType, isDelete, repairNumber }: Kind, entityId: string, version: bigint) {
  const key = keyText({ publisher, entityType, entityId });
  return { publisher, entityType, entityId, key, version, isDelete, repairNumber };
}

/** A batch of one kind, as most batches are, or of several kinds. */
const batch: fc.Arbitrary<GateCandidate[]> = fc
  .oneof(
    fc
      .tuple(kind, fc.array(identity, { minLength: 1, maxLength: 5 }))
      .map(([common, ids]) => ids.map(({ entityId, version }) => candidateOf(common, entityId, version))),
    fc
      .array(fc.tuple(kind, identity), { minLength: 1, maxLength: 8 })
      .map((ids) => ids.map(([own, { entityId, version }]) => candidateOf(own, entityId, version))),
  )
  .map((candidates) => [...new Map(candidates.map((one) => [one.key, one])).values()].sort(compareKeys));

interface Row {
  readonly version: bigint;
  readonly isDeleted: boolean;
  readonly repairNumber: bigint | undefined;
}

/** The specified behaviour of the gate. */
function passModel(rows: Map<string, Row>, candidates: readonly GateCandidate[]): Map<string, { isFirst: boolean }> {
  const passes = new Map<string, { isFirst: boolean }>();
  for (const { key, version = 0n, isDelete, repairNumber } of candidates) {
    const present = rows.get(key);
    const repairs = repairNumber !== undefined && repairNumber > (present?.repairNumber ?? 0n);
    const isNewer = present === undefined || version > present.version || (version === present.version && repairs);
    if (!isNewer) continue;
    passes.set(key, { isFirst: present === undefined || present.isDeleted });
    rows.set(key, { version, isDeleted: isDelete, repairNumber });
  }
  return passes;
}

/** Expects the gate in this database to pass the same candidates as the model, for random sequences of batches. */
export async function expectGateLikeModel(pool: Pool, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 8 }), async (batches) => {
      await pool.query('TRUNCATE db_event.replica_version');
      const rows = new Map<string, Row>();
      for (const candidates of batches) {
        const passes = await inTransaction(pool, (client) => passGate(client, candidates));
        expect(passes).toEqual(passModel(rows, candidates));
      }
    }),
    { numRuns },
  );
}
