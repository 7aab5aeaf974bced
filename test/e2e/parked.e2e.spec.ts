import { intakeMessage } from '@dbem/transport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParkedEventDetailDto, ParkedEventDto } from '../../apps/event-manager/src/parked/parked-event.dto';
import type { RedrivenDto } from '../../apps/event-manager/src/parked/redriven.dto';
import { AppProcess } from '../../tools/apps/app-process';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { logFolder } from '../support/apps/log-folder';
import { request } from '../support/http/http';
import { GatewayService, gatewayEvent } from '../support/parking/gateway-service';
import { type FreshVhost, freshVhost } from '../support/servers/fresh-vhost';
import { type FreshZooKeeperRoot, freshZooKeeperRoot } from '../support/servers/fresh-zookeeper-root';
import { waitFor } from '../support/waiting/wait-for';

const TOKEN = 'a-token-of-the-tests-own';
const SERVICE = 'billing';
const SECRET = 'do not show this';
/** The service name under which the event managers' own parked events are listed. */
const MANAGERS = 'db.event';

interface ParkedPage {
  readonly items: readonly ParkedEventDto[];
  readonly next?: string;
}

describe('Parked events in the admin API', () => {
  let vhost: FreshVhost;
  let root: FreshZooKeeperRoot;
  let manager: AppInstance;
  let crashing: AppProcess | undefined;
  let service: GatewayService;

  beforeAll(async () => {
    [vhost, root] = await Promise.all([freshVhost(), freshZooKeeperRoot()]);
    manager = await startManager();
    service = await GatewayService.start(SERVICE, vhost.amqpUrl);
  });

  afterAll(async () => {
    await service?.stop();
    await manager?.stop();
    await crashing?.stop();
    await Promise.all([vhost.drop(), root.drop()]);
  });

  const managerEnv = () => ({
    AMQP_URL: vhost.amqpUrl,
    ZOOKEEPER_CONNECT: root.connectString,
    ADMIN_TOKEN: TOKEN,
    ADMIN_RATE_LIMIT: '100000',
  });

  async function startManager(): Promise<AppInstance> {
    const started = await InProcessApp.start('event-manager', managerEnv());
    await started.waitUntilReady();
    return started;
  }

  const send = (id: string, version: bigint, gatewayName: string) =>
    service.send(gatewayEvent(id, version, gatewayName, SECRET));

  const admin = <Body = unknown>(method: string, path: string, body?: unknown) =>
    request<Body>(method, `${manager.url}/admin/v1/parked${path}`, {
      token: TOKEN,
      ...(body !== undefined && { body }),
    });

  const listParked = async (query: string) => (await admin<ParkedPage>('GET', `?${query}`)).body;
  const untilParked = (count: number) =>
    waitFor(async () => {
      const { items } = await listParked(`service=${SERVICE}`);
      return items.length === count && items;
    });

  it('A parked event is stale if the replica has a newer version of its entity, otherwise relevant', async () => {
    await send('g1', 1n, 'bad');
    await send('g2', 2n, 'bad');
    await untilParked(2);
    await send('g1', 3n, 'good');
    await waitFor(async () => (await service.rows()).length === 1);
    const items = await untilParked(2);
    expect(items.map(({ entityId, relevance, version }) => ({ entityId, relevance, version }))).toEqual([
      { entityId: 'g1', relevance: 'stale', version: '1' },
      { entityId: 'g2', relevance: 'relevant', version: '2' },
    ]);
  });

  it('A dry run runs the handlers, reports the outcome of each event, and changes nothing', async () => {
    const dryRun = async () => (await admin<RedrivenDto>('POST', `/${SERVICE}/redrive?dryRun=true`)).body;
    expect(await dryRun()).toMatchObject({
      redriven: 0,
      failed: 0,
      hasMore: false,
      plan: { stale: 1, 'still fails': 1 },
      results: [
        { entityId: 'g1', version: '1', outcome: 'stale' },
        { entityId: 'g2', version: '2', outcome: 'still fails', reason: 'cannot apply g2' },
      ],
    });
    service.isFailing = false;
    expect((await dryRun()).plan).toEqual({ stale: 1, 'would apply': 1 });
    const [, second] = await untilParked(2);
    expect((await admin('POST', `/${SERVICE}/${second?.id}/redrive?dryRun=true`)).body).toMatchObject({
      plan: { 'would apply': 1 },
    });
    expect((await admin('POST', `/${SERVICE}/nothing/redrive?dryRun=true`)).status).toBe(404);
    service.isFailing = true;
    expect(await service.rows()).toEqual([{ id: 'g1', name: 'good' }]);
    await untilParked(2);
  });

  it('A parked event is returned with its entity, its stack and the replica’s version, without secrets', async () => {
    const [first] = await untilParked(2);
    const { status, body } = await admin<ParkedEventDetailDto>('GET', `/${SERVICE}/${first?.id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      publisher: 'user.profile',
      entityType: 'TENANT',
      reasonCode: 'HANDLER_FAILED',
      attempts: 5,
      entity: { gatewayId: 'g1', gatewayName: 'bad' },
      replica: { version: '3', deleted: false },
    });
    expect(body.stack).toContain('cannot apply g1');
    expect(JSON.stringify(body)).not.toContain(SECRET);
    expect((await admin('GET', `/${SERVICE}/nothing`)).status).toBe(404);
  });

  it('The list of parked events can be filtered and paged', async () => {
    expect((await listParked(`service=${SERVICE}&entityType=PROJECT`)).items).toEqual([]);
    const page = await listParked('limit=1');
    expect(page.items).toHaveLength(1);
    const next = await listParked(`limit=1&after=${page.next}`);
    expect(next.items.map(({ entityId }) => entityId)).toEqual(['g2']);
    expect(next.next).toBeUndefined();
  });

  it('Parked events have an unknown relevance while their service is not running', async () => {
    await service.stopReplication();
    const items = await untilParked(2);
    expect(items.map(({ relevance }) => relevance)).toEqual(['unknown', 'unknown']);
    const { body } = await admin<RedrivenDto>('POST', `/${SERVICE}/redrive?dryRun=true`);
    expect(body.results).toEqual([
      expect.objectContaining({ outcome: 'unknown', reason: expect.stringContaining('No instance of "billing"') }),
      expect.objectContaining({ outcome: 'unknown' }),
    ]);
    await service.startReplication();
  });

  it('A redriven event is applied unless it is stale', async () => {
    service.isFailing = false;
    const [stale, relevant] = await untilParked(2);
    expect((await admin('POST', `/${SERVICE}/${relevant?.id}/redrive`)).status).toBe(204);
    await waitFor(async () => (await service.rows()).length === 2);
    expect((await admin('POST', `/${SERVICE}/${relevant?.id}/redrive`)).status).toBe(404);
    expect((await untilParked(1))[0]?.id).toBe(stale?.id);
    expect((await admin('POST', `/${SERVICE}/redrive`)).body).toEqual({ redriven: 1, failed: 0 });
    await waitFor(() => service.staleRetries === 1);
    expect(await service.rows()).toEqual([
      { id: 'g1', name: 'good' },
      { id: 'g2', name: 'bad' },
    ]);
    await untilParked(0);
  });

  it('Parked events are not lost if the manager is killed during a redrive', async () => {
    service.isFailing = true;
    for (let index = 0; index < 20; index += 1) await send(`c${index}`, 10n + BigInt(index), 'bad');
    await untilParked(20);
    service.isFailing = false;
    await manager.stop();
    const env = { ...managerEnv(), CRASH_AT: 'parked.redriven' };
    crashing = await AppProcess.start({ app: 'event-manager', env, logFolder });
    await crashing.waitUntilReady();
    const redrive = `${crashing.url}/admin/v1/parked/${SERVICE}/redrive`;
    await expect(request('POST', redrive, { token: TOKEN })).rejects.toThrow('fetch failed');
    await waitFor(() => crashing?.isRunning === false);
    expect(crashing.exitCode).toBeNull();
    manager = await startManager();
    expect((await admin<RedrivenDto>('POST', `/${SERVICE}/redrive`)).body.failed).toBe(0);
    await untilParked(0);
    await waitFor(async () => (await service.rows()).length === 22);
    expect(service.applied).toBeGreaterThanOrEqual(20);
  });

  it('A discarded event is deleted, and the reason is logged', async () => {
    await service.send(Buffer.from('nonsense'));
    const [unreadable] = await untilParked(1);
    expect(unreadable).toMatchObject({ reasonCode: 'MESSAGE_MALFORMED', relevance: 'unknown' });
    expect((await admin('POST', `/${SERVICE}/${unreadable?.id}/discard`, {})).status).toBe(400);
    const reason = 'not needed any more';
    expect((await admin('POST', `/${SERVICE}/${unreadable?.id}/discard`, { reason })).status).toBe(204);
    await untilParked(0);
    expect(manager.log).toContain(reason);
  });

  it('The managers’ own parked events are listed, and redriven to the managers’ queue', async () => {
    const nonsense = Buffer.from('nonsense');
    await service.broker.publish(intakeMessage({ body: nonsense }));
    const items = await waitFor(async () => {
      const found = (await listParked(`service=${MANAGERS}`)).items;
      return found.length === 1 && found;
    });
    const { body } = await admin<RedrivenDto>('POST', `/${MANAGERS}/redrive?dryRun=true`);
    expect(body.results?.map(({ outcome }) => outcome)).toEqual(['still fails']);
    expect((await admin('POST', `/${MANAGERS}/${items[0]?.id}/redrive`)).status).toBe(204);
    await waitFor(async () => {
      const [again] = (await listParked(`service=${MANAGERS}`)).items;
      return again !== undefined && again.id !== items[0]?.id;
    });
  });

  it('The list of parked events requires a role and the name of a service', async () => {
    expect((await request('GET', `${manager.url}/admin/v1/parked`)).status).toBe(401);
    expect((await admin('GET', '?service=not%20a%20name')).body).toMatchObject({ code: 'SERVICE_NAME_INVALID' });
  });
});
