import { encodeReplicationToken } from '@dbem/db-event';
import { residentBytesOf } from '../harness/process-tree';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase } from './bench-case';

const READERS = [1_000, 5_000];
/** As long as a reader may wait: nothing comes for them. */
const WAIT_MS = 30_000;
const MEASURED_MS = 12_000;
/** What readers cost when they come is not what they cost while they wait; PostgreSQL's counters lag behind by seconds. */
const VERIFY_AFTER_MS = 10_000;

/** What readers cost that wait for a change at one instance of sharing: its memory, and the transactions of its database. */
export const readersCase: BenchCase = {
  name: 'readers',
  goal: { other: 'no query of its own for a reader' },
  variants: ({ events }) =>
    (events === undefined ? READERS : [events]).map((readers) => ({
      point: `${readers} waiting readers`,
      side: 'ours',
      run: (world: World) => run(world, readers),
    })),
};

async function run(world: World, readers: number): Promise<Sample> {
  await world.createDatabase('sharing');
  const [manager, sharing] = [await world.startApp('event-manager'), await world.startApp('sharing')];
  for (const app of [manager, sharing]) await app.waitUntilReady();
  // One that is too late, so that what the first needs is loaded.
  await read(sharing.url, 'first', 100);
  const transactionsBefore = await transactionsASecond(world);
  const memoryBefore = residentBytesOf(sharing.pid);

  const waiting = Array.from({ length: readers }, (_, index) => read(sharing.url, `u${index}`, WAIT_MS));
  let settled = 0;
  for (const one of waiting) {
    void one.then(() => {
      settled += 1;
    });
  }
  await untilTaken(sharing.url);
  await new Promise((resolve) => setTimeout(resolve, VERIFY_AFTER_MS));
  const transactions = await transactionsASecond(world);
  const memory = residentBytesOf(sharing.pid) - memoryBefore;
  if (settled > 0) throw new Error(`${settled} readers waited no longer while this measured`);
  const statuses = await Promise.all(waiting);
  return {
    figures: {
      'KiB a reader': memory / readers / 1_024,
      'transactions/s without': transactionsBefore,
      'transactions/s with': transactions,
      'readers told in time that the replica is behind': statuses.filter((status) => status === 503).length,
    },
  };
}

async function read(url: string, userId: string, waitMs: number): Promise<number> {
  const change = {
    publisher: 'user.profile',
    entityType: 'USER_PROFILE',
    entityId: `${userId}@gw`,
    version: 1n,
  } as const;
  const response = await fetch(`${url}/domains`, {
    headers: { 'X-Replication-Token': encodeReplicationToken([change]), 'X-Replication-Wait-Ms': String(waitMs) },
  });
  await response.arrayBuffer();
  return response.status;
}

/** Connections are taken one after the other: one that is answered tells that those before it are there. */
async function untilTaken(url: string): Promise<void> {
  await (await fetch(`${url}/domains`)).arrayBuffer();
}

async function transactionsASecond(world: World): Promise<number> {
  const pool = world.pool('sharing');
  const count = async () => {
    const { rows } = await pool.query(
      'SELECT xact_commit::float8 AS count FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0].count as number;
  };
  const before = await count();
  await new Promise((resolve) => setTimeout(resolve, MEASURED_MS));
  return ((await count()) - before) / (MEASURED_MS / 1_000);
}
