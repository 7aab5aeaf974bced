import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { SoakSystem } from './system/soak-system';
import type { Target } from './workload/target';

const POLL_MS = 25;
const MARKER_GATEWAY = 'marker';
const MARKER_USER = 'marker';

/**
 * Checks whether the system has recovered from a fault: every instance is ready, and a marker change that was made at
 * each publisher after the fault has reached every replica.
 */
export class Recovery {
  private markers = 0;
  private projectId: string | undefined;

  constructor(
    private readonly system: SoakSystem,
    private readonly target: Target,
  ) {}

  /** Creates the entities that the markers change. */
  async prepare(): Promise<void> {
    const user = { userId: MARKER_USER, gatewayId: MARKER_GATEWAY, firstName: 'marker', lastName: '0', emails: [] };
    await this.target.write('profile', 'POST', '/users', user);
    const project = { name: 'marker', owner: MARKER_USER };
    const created = await this.target.write('registry', 'POST', `/gateways/${MARKER_GATEWAY}/projects`, project);
    if (created === undefined) throw new Error('registry rejected the marker project');
    this.projectId = String(created['id']);
  }

  /** @returns the recovery time in ms, or what is still missing after `timeoutMs` */
  async wait(timeoutMs: number): Promise<{ tookMs: number } | { missing: string }> {
    const startedAtMs = Date.now();
    const steps = this.steps();
    for (const { what, isDone } of steps) {
      while (!(await isDone().catch(() => false))) {
        if (Date.now() - startedAtMs > timeoutMs) return { missing: what };
        await sleep(POLL_MS);
      }
    }
    return { tookMs: Date.now() - startedAtMs };
  }

  private steps(): { what: string; isDone: () => Promise<boolean> }[] {
    this.markers += 1;
    const mark = String(this.markers);
    const user = { firstName: 'marker', lastName: mark, emails: [] };
    const project = { name: 'marker', description: mark };
    const { target } = this;
    const userPath = `/users/${MARKER_GATEWAY}/${MARKER_USER}`;
    const projectPath = `/gateways/${MARKER_GATEWAY}/projects/${this.projectId}`;
    const sharing = this.system.database('sharing');
    const registry = this.system.database('registry');
    return [
      {
        what: 'a write at profile',
        isDone: async () => (await target.write('profile', 'PUT', userPath, user)) !== undefined,
      },
      {
        what: 'a write at registry',
        isDone: async () => (await target.write('registry', 'PUT', projectPath, project)) !== undefined,
      },
      {
        what: 'the change of a user at sharing',
        isDone: () => has(sharing, 'SELECT FROM sharing_user WHERE domain_id = $1 AND last_name = $2', mark),
      },
      {
        what: 'the change of a user at registry',
        isDone: () => has(registry, 'SELECT FROM registry_user WHERE gateway_id = $1 AND last_name = $2', mark),
      },
      {
        what: 'the change of a project at sharing',
        isDone: () => has(sharing, 'SELECT FROM entity WHERE domain_id = $1 AND description = $2', mark),
      },
      ...[...this.system.instances.values()].map((instance) => ({
        what: `readiness of ${instance.name}`,
        isDone: () => instance.isReady(),
      })),
    ];
  }
}

async function has(database: Pool, sql: string, mark: string): Promise<boolean> {
  const { rows } = await database.query(sql, [MARKER_GATEWAY, mark]);
  return rows.length > 0;
}
