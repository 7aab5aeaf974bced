import { firstVersionOfEpoch, type Queryable, rowsOf, type Version } from '@dbem/db-event';

/**
 * Makes a database that was restored from a backup continue with versions that it has never generated. Run it after the
 * restore and before the first write.
 *
 * @param nowMs ms since 1970; must be later than in any earlier call in this database's history. Default: now.
 * @param above a version that the next one must also exceed. Default: none.
 * @returns the first version of the new epoch.
 */
export async function raiseEpoch(database: Queryable, nowMs = Date.now(), above: Version = 0n): Promise<Version> {
  const answer = await database.query(
    `SELECT setval('db_event.version', greatest($1::bigint, $2::bigint + 1, (SELECT last_value + 1 FROM db_event.version)), false)
       AS version`,
    [String(firstVersionOfEpoch(nowMs)), String(above)],
  );
  return BigInt(rowsOf<{ version: string }>(answer)[0]?.version ?? 0);
}
