import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppProcess } from '../../tools/apps/app-process';
import { flushQueueRegistrations } from '../support/faults/expectations/broker';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectAccepted, expectRefused } from '../support/faults/expectations/processes';
import { FaultSystem } from '../support/faults/system/fault-system';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const CHANGES = 1_500;
const WRITERS = 10;

/** Makes the backlog about 140 MB, more than the process may grow by. */
const LONG = { comments: 'x'.repeat(10_000), labeledURI: ['x'.repeat(84_000)] };

/**
 * Tolerance for a Node process under load: its heap grows before it is collected, but not far with the limits below.
 */
const MAX_GROWTH_MB = 120;
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=2' };

const rssMbOf = ({ pid }: AppProcess) => {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1_024;
};

describe('a broker that is down for a long time', () => {
  let system: FaultSystem<'RabbitMQ'>;

  beforeAll(async () => {
    system = await FaultSystem.start({
      owns: ['RabbitMQ'],
      asProcesses: ['profile'],
      environment: { profile: SMALL_HEAP },
    });
    await flushQueueRegistrations(system.server('RabbitMQ'));
  });

  afterAll(async () => {
    await system?.stop();
  });

  const waiting = async () =>
    Number((await system.database('profile').query('SELECT count(*) FROM db_event.outbox')).rows[0].count);

  async function write(prefix: string, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, index) => index).values();
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        for (const number of numbers) {
          const names = { firstName: 'a', lastName: 'b', emails: [], ...LONG };
          const body = { userId: `${prefix}-${number}`, gatewayId: 'gw', ...names };
          const { status } = await request('POST', `${system.app('profile').url}/users`, { body });
          expect(status).toBe(201);
        }
      }),
    );
  }

  it('A publisher whose broker is down for more changes than fit into its memory accepts them, does not keep them in memory, and publishes them later', async () => {
    const profile = system.process('profile');
    const rabbitMq = system.server('RabbitMQ');
    await write('warm', 100);
    await replicaEqualsSource(system);
    const before = rssMbOf(profile);
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, rssMbOf(profile));
    }, 200);
    try {
      await rabbitMq.kill();
      await expectRefused(rabbitMq.port);
      await write('down', CHANGES);
      expect(await waiting()).toBeGreaterThanOrEqual(CHANGES);
      await rabbitMq.restart();
      await expectAccepted(rabbitMq.port);
      await waitFor(async () => (await waiting()) === 0, { timeoutMs: 400_000, what: 'the backlog to drain' });
    } finally {
      clearInterval(timer);
    }
    expect(peak - before).toBeLessThan(MAX_GROWTH_MB);
    await promisesHold(system);
  }, 600_000);
});
