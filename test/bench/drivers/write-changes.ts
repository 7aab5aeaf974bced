import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { UserProfile } from '@dbem/entity-codec';
import type { Pool, PoolClient } from 'pg';
import { monotonicMs } from '../harness/monotonic-ms';
import { percentile } from '../report/statistics';
import { INSERT_USER, insertValues, UPDATE_USER, updateValues, userOf } from './users';

export interface WriteConfig {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  /** Number of concurrent writers, each with its own connection. */
  readonly writers: number;
  readonly events: number;
  /** `insert`: each change creates a user. `update`: change i updates the existing user i modulo `users`. */
  readonly kind: 'insert' | 'update';
  readonly users: number;
  /** Added to the user's number, so that two writers change different users. Default: 0. */
  readonly firstUser?: number;
  readonly comments: string;
  /** Changes per transaction. Default: 1. */
  readonly perTransaction?: number;
  /** Changes per second; undefined: no limit. */
  readonly rate?: number;
  /** File for the commit times, as a JSON array of `monotonicMs` by index. */
  readonly commitTimesFile?: string;
}

export interface WrittenChange {
  readonly index: number;
  readonly user: UserProfile;
}

/** Hooks in the transaction, after the rows are written, and after the commit. */
export interface Publication {
  inTransaction?(client: PoolClient, changes: readonly WrittenChange[]): Promise<void>;
  afterCommit?(changes: readonly WrittenChange[]): void;
}

/** Lets writers run, pauses them or ends them. */
export class Gate {
  private opened: Promise<void> = Promise.resolve();
  private open: () => void = () => {};
  private isPaused = false;
  isEnded = false;

  setPaused(isPaused: boolean): void {
    if (isPaused === this.isPaused) return;
    this.isPaused = isPaused;
    if (!isPaused) {
      this.open();
      return;
    }
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  /** No further transaction is started. */
  end(): void {
    this.isEnded = true;
    this.setPaused(false);
  }

  pass(): Promise<void> {
    return this.opened;
  }
}

/** Writes users in transactions of a service. @returns the total time and the percentiles of a transaction's time */
export async function writeChanges(
  pool: Pool,
  config: WriteConfig,
  publication: Publication,
  gate = new Gate(),
): Promise<Record<string, number>> {
  const { writers, events, perTransaction = 1, rate, commitTimesFile } = config;
  const transactionMs: number[] = [];
  const commitTimes: number[] = [];
  const startedAtMs = performance.now();
  let next = 0;
  const write = async () => {
    const client = await pool.connect();
    try {
      while (next < events && !gate.isEnded) {
        const first = next;
        const end = Math.min(next + perTransaction, events);
        // Before the first await, because other writers claim meanwhile.
        next = end;
        if (rate !== undefined) await sleepUntil(startedAtMs + (first / rate) * 1000);
        await gate.pass();
        const changes = Array.from({ length: end - first }, (_, offset) => changeOf(config, first + offset));
        const beganAtMs = performance.now();
        await transact(client, config, changes, publication);
        const committedAtMs = performance.now();
        transactionMs.push(committedAtMs - beganAtMs);
        const committed = monotonicMs();
        for (const { index } of changes) commitTimes[index] = committed;
        publication.afterCommit?.(changes);
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  if (commitTimesFile !== undefined) writeFileSync(commitTimesFile, JSON.stringify(commitTimes));
  return {
    seconds: (performance.now() - startedAtMs) / 1000,
    transactionP50Ms: percentile(transactionMs, 50),
    transactionP99Ms: percentile(transactionMs, 99),
  };
}

function changeOf({ kind, users, comments, firstUser = 0 }: WriteConfig, index: number): WrittenChange {
  return { index, user: userOf(firstUser + (kind === 'insert' ? index : index % users), index, comments) };
}

async function transact(
  client: PoolClient,
  { kind }: WriteConfig,
  changes: readonly WrittenChange[],
  publication: Publication,
): Promise<void> {
  await client.query('BEGIN');
  for (const { user } of changes) {
    if (kind === 'insert') await client.query({ ...INSERT_USER, values: insertValues(user) });
    else await client.query({ ...UPDATE_USER, values: updateValues(user) });
  }
  await publication.inTransaction?.(client, changes);
  await client.query('COMMIT');
}

async function sleepUntil(atMs: number): Promise<void> {
  const leftMs = atMs - performance.now();
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
}
