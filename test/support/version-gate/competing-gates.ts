import type { Pool, PoolClient } from 'pg';
import { type GateCandidate, keyText, passGate } from '../../../libs/replica/src/testing';
import { waitFor } from '../waiting/wait-for';

/** An event of a legacy publisher for the project `id`. */
interface LegacyEvent {
  readonly id: string;
  readonly arrival: bigint;
}

/** Two instances of a service, each with a transaction of its own, that write the arrival as a project's name. */
export class CompetingGates {
  private constructor(
    private readonly pool: Pool,
    private readonly first: PoolClient,
    private readonly second: PoolClient,
  ) {}

  static async start(pool: Pool): Promise<CompetingGates> {
    return new CompetingGates(pool, await pool.connect(), await pool.connect());
  }

  stop(): void {
    this.first.release();
    this.second.release();
  }

  async apply(...events: readonly LegacyEvent[]): Promise<void> {
    for (const event of events) {
      await this.first.query('BEGIN');
      await write(this.first, event);
      await this.first.query('COMMIT');
    }
  }

  /** Applies both concurrently: the second one is at the gate before the transaction of the first one ends. */
  async compete(first: LegacyEvent, second: LegacyEvent): Promise<void> {
    await Promise.all([this.first.query('BEGIN'), this.second.query('BEGIN')]);
    await write(this.first, first);
    const writing = write(this.second, second);
    await waitFor(() => this.isSecondBlocked());
    await this.first.query('COMMIT');
    await writing;
    await this.second.query('COMMIT');
  }

  async rowsOf(...ids: string[]): Promise<unknown[]> {
    return (await this.pool.query('SELECT id, name FROM project WHERE id = ANY ($1) ORDER BY id', [ids])).rows;
  }

  private async isSecondBlocked(): Promise<boolean> {
    const pid = (this.second as unknown as { processID: number }).processID;
    const { rows } = await this.pool.query('SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked', [pid]);
    return rows[0]?.blocked === true;
  }
}

async function write(client: PoolClient, { id, arrival }: LegacyEvent): Promise<void> {
  const identity = { publisher: 'registry', entityType: 'PROJECT', entityId: id } as const;
  const candidate: GateCandidate = {
    ...identity,
    key: keyText(identity),
    version: undefined,
    arrival,
    isDelete: false,
  };
  const passes = await passGate(client, [candidate]);
  if (!passes.has(candidate.key)) return;
  await client.query('INSERT INTO project VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name', [
    id,
    String(arrival),
  ]);
}
