import { encodeReplicationToken } from '@dbem/db-event';
import { residentBytesOf } from '../harness/process-tree';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase } from './bench-case';

const READERS = [1_000, 5_000];
/** The maximum wait of a reader; no awaited change ever arrives. */
const WAIT_MS = 30_000;
const MEASURED_MS = 12_000;
/** Pause until the cost of arriving readers is over, and PostgreSQL's counters, which lag by seconds, are current. */
const VERIFY_AFTER_MS = 10_000;

/** The cost of readers that wait at one instance of sharing: its memory, and the transactions in its database. */
export const readersCase: BenchCase = {
  name: 'readers',
  goal: { other: 'no query per reader' },
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
  // A read that times out, so that everything a first read needs is loaded.
  await read(sharing.url, 'first', 100);
  const transactionsBefore = await transactionsPerSecond(world);
  const memoryBefore = residentBytesOf(sharing.pid);

  const waiting = Array.from({ length: readers }, (_, index) => read(sharing.url, `u${index}`, WAIT_MS));
  let finished = 0;
  for (const one of waiting) {
    void one.then(() => {
      finished += 1;
    });
  }
  await untilAccepted(sharing.url);
  await new Promise((resolve) => setTimeout(resolve, VERIFY_AFTER_MS));
  const transactions = await transactionsPerSecond(world);
  const memory = residentBytesOf(sharing.pid) - memoryBefore;
  if (finished > 0) throw new Error(`${finished} readers stopped waiting during the measurement`);
  const statuses = await Promise.all(waiting);
  return {
    figures: {
      'KiB per reader': memory / readers / 1_024,
      'transactions/s without': transactionsBefore,
      'transactions/s with': transactions,
      'readers with a timely 503': statuses.filter((status) => status === 503).length,
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

/** The server accepts connections in order: a response on a new one proves that the earlier ones were accepted. */
async function untilAccepted(url: string): Promise<void> {
  await (await fetch(`${url}/domains`)).arrayBuffer();
}

async function transactionsPerSecond(world: World): Promise<number> {
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
