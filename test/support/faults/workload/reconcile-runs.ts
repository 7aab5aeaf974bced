import type { Pool } from 'pg';
import { expect } from 'vitest';
import { type Answer } from '../../http/http';
import { waitFor } from '../../waiting/wait-for';

/** The subscription that the tests compare: profile's users at sharing. */
export const USERS_AT_SHARING = {
  publisher: 'user.profile',
  subscriber: 'sharing',
  entityType: 'USER_PROFILE',
} as const;

export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly entityType: string;
  readonly sent: number;
  readonly removed: number;
  readonly compared: number;
  readonly differing: number;
  readonly sourceRows: number;
  readonly isEqual?: boolean;
  readonly statement?: string;
  readonly found: { readonly missing: number; readonly extra: number; readonly different: number };
  readonly rows: readonly { readonly kind: string; readonly entityId: string; readonly fields: readonly string[] }[];
}

interface Admin {
  admin<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
}

/** Reconcile runs over the admin API. */
export class ReconcileRuns {
  constructor(private readonly system: Admin) {}

  async all(): Promise<Run[]> {
    return (await this.system.admin<{ items: Run[] }>('GET', '/reconcile')).body.items;
  }

  async run(id: string): Promise<Run> {
    return (await this.system.admin<Run>('GET', `/reconcile/${id}`)).body;
  }

  async start(kind: string, options = {}): Promise<Run> {
    const { status, body } = await this.system.admin<Run>('POST', '/reconcile', {
      ...USERS_AT_SHARING,
      kind,
      ...options,
    });
    expect([status, body]).toEqual([202, expect.anything()]);
    return body;
  }

  /** Resolves with the run when it has ended. */
  over(id: string): Promise<Run> {
    return waitFor(
      async () => {
        const run = await this.run(id);
        return ['done', 'failed', 'cancelled'].includes(run.state) && run;
      },
      { timeoutMs: 180_000, what: `run ${id} to end` },
    );
  }
}

/** Inserts users at profile without publishing them, as if they had existed before it published. */
export async function seedUsers(profile: Pool, prefix: string, count: number): Promise<void> {
  await profile.query(
    `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
     SELECT $1 || lpad(g::text, 6, '0'), 'gw', 'f' || g, 'l', ARRAY['a@b'], 'ACTIVE', 0, 0, 0 FROM generate_series(1, $2::int) g`,
    [prefix, count],
  );
}

/** Deletes these users at sharing, as if they had never reached it. */
export async function forgetUsers(sharing: Pool, prefix: string): Promise<void> {
  await sharing.query(
    `WITH gone AS (DELETE FROM sharing_user WHERE user_id LIKE $1 RETURNING user_id)
     DELETE FROM db_event.replica_version WHERE entity_id IN (SELECT user_id FROM gone)`,
    [`${prefix}%`],
  );
}
