import { Client } from 'pg';
import { monotonicMs } from './monotonic-ms';
import { until } from './until';

const CHANNEL = 'bench_visible';

/**
 * Records when rows of a table become visible, with a trigger whose notification PostgreSQL delivers after the commit.
 * Rows have their change's number in `first_name`.
 */
export class VisibleChanges {
  private readonly seen: number[] = [];
  private count = 0;

  private constructor(private readonly client: Client) {}

  static async watch(databaseUrl: string, table: string): Promise<VisibleChanges> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const changes = new VisibleChanges(client);
    client.on('notification', ({ payload = '' }) => changes.note(Number(payload)));
    await client.query(`
      CREATE FUNCTION bench_notify() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('${CHANNEL}', substring(NEW.first_name FROM 2));
        RETURN NULL;
      END $$;
      CREATE TRIGGER bench_notify AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION bench_notify();
      ALTER TABLE ${table} ENABLE ALWAYS TRIGGER bench_notify;
      LISTEN ${CHANNEL}`);
    return changes;
  }

  /** The time as `monotonicMs`. */
  seenAt(index: number): number {
    return this.seen[index] ?? Number.NaN;
  }

  /**
   * Neighbouring changes must be of different users, because of several changes in a batch only the newest is written.
   */
  async untilSeen(events: number): Promise<void> {
    await until(() => this.count >= events, { what: `${events} changes to be visible` });
  }

  async stop(): Promise<void> {
    await this.client.end();
  }

  private note(index: number): void {
    if (this.seen[index] !== undefined) return;
    this.seen[index] = monotonicMs();
    this.count += 1;
  }
}
