import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { runDbem } from '../support/cli/run-dbem';
import { projectEvent } from '../support/events/project-event';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ADMIN_TOKEN = 'the-admins-own-token';

describe('dbem', () => {
  let apps: RunningApps;
  let folder: string;
  let connection: ChannelModel;
  let channel: Channel;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dbem-'));
    apps = await startApps(['profile', 'sharing'], { ADMIN_TOKEN });
    connection = await connect(apps.vhost.amqpUrl);
    channel = await connection.createChannel();
  });

  afterAll(async () => {
    await connection?.close();
    await apps?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const dbem = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runDbem(args, { DBEM_URL: apps.app('event-manager').url, DBEM_TOKEN: ADMIN_TOKEN, ...env });

  const json = async (...args: string[]) => JSON.parse((await dbem([...args, '--json'])).out);
  const publish = (body: Buffer) => channel.publish('db.event.exchange', 'db.event', body);
  const depthOf = async (queue: string) => (await channel.checkQueue(queue)).messageCount;

  it('dbem status, topology and members show the system’s state as tables and as JSON', async () => {
    // Right after their start, services may still wait for their subscriptions.
    const { out } = await waitFor(
      async () => {
        const answer = await dbem(['status']);
        return answer.code === 0 && answer;
      },
      { what: 'dbem status to find nothing wrong' },
    );
    expect(out).toMatch(/health +ok/);
    expect((await json('status')).members).toHaveLength(1);
    expect((await dbem(['topology'])).out).toMatch(/sharing +registry, user\.profile/);
    expect((await dbem(['members'])).out).toContain(String(process.pid));
  });

  it('dbem subscriptions adds, narrows, pauses, resumes and removes a subscription, whose events wait during the pause', async () => {
    expect((await dbem(['subscriptions', 'add', 'old.registry', 'reports'])).code).toBe(0);
    expect((await dbem(['subscriptions', 'narrow', 'old.registry', 'reports', '--types', 'project'])).code).toBe(0);
    expect(await json('subscriptions', 'list', '--subscriber', 'reports')).toEqual([
      { publisher: 'old.registry', subscriber: 'reports', entityTypes: ['PROJECT'] },
    ]);
    expect((await dbem(['subscriptions', 'pause', 'old.registry', 'reports'])).code).toBe(0);
    for (let number = 0; number < 5; number += 1) publish(projectEvent('old.registry', `p${number}`));
    const receipt = () => json('subscriptions', 'receipt', 'old.registry', 'reports');
    await waitFor(async () => (await receipt()).waiting.events === 5, { timeoutMs: 60_000 });
    expect(await depthOf('reports.queue')).toBe(0);
    // Subscribing again does not undo what an operator has changed.
    expect((await dbem(['subscriptions', 'narrow', 'old.registry', 'reports', '--types', 'PROJECT,GROUP'])).code).toBe(
      0,
    );
    expect((await receipt()).subscription.delivery).toBe('paused');
    expect((await dbem(['subscriptions', 'remove', 'old.registry', 'reports'])).code).toBe(6);
    expect((await dbem(['subscriptions', 'resume', 'old.registry', 'reports', '--wait'])).code).toBe(0);
    await waitFor(async () => (await depthOf('reports.queue')) === 5);
    expect((await dbem(['subscriptions', 'remove', 'old.registry', 'reports', '--delete-queue'])).code).toBe(0);
    expect(await json('subscriptions', 'list', '--subscriber', 'reports')).toEqual([]);
    expect((await dbem(['subscriptions', 'remove', 'old.registry', 'reports'])).code).toBe(5);
  });

  it('dbem subscriptions receipt compares map, queue and bindings, declares what is missing and reports other problems', async () => {
    expect((await dbem(['subscriptions', 'add', 'old.registry', 'archive'])).code).toBe(0);
    await channel.deleteQueue('archive.queue');
    const { out, code } = await dbem(['subscriptions', 'receipt', 'old.registry', 'archive']);
    expect(out).toContain('healed: archive.queue was missing');
    expect(out).toContain('warning: archive.queue has no consumers');
    expect(code).toBe(1);
    await channel.checkQueue('archive.queue');
  });

  it('The command dbem runs as a separate process, prints its result and exits with its code', async () => {
    const args = [join(root, 'tools/cli/dbem.mjs'), 'subscriptions', 'receipt', 'old.registry', 'archive'];
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, DBEM_URL: apps.app('event-manager').url, DBEM_TOKEN: ADMIN_TOKEN };
    const ended = await new Promise((resolve) => {
      execFile(process.execPath, args, { env }, (error, out, err) => resolve({ code: error?.code ?? 0, out, err }));
    });
    const out = expect.stringContaining('warning: archive.queue has no consumers');
    expect(ended).toEqual({ code: 1, out, err: '' });
  });

  it('dbem parked lists, shows, redrives and discards parked events', async () => {
    const [parked] = await (async () => {
      publish(Buffer.from('nonsense'));
      return waitFor(async () => {
        const events = await json('parked', 'list', '--service', 'db.event');
        return events.length === 1 && events;
      });
    })();
    expect(parked).toMatchObject({ service: 'db.event', reasonCode: 'MESSAGE_MALFORMED' });
    expect((await dbem(['parked', 'show', 'db.event', parked.id])).out).toContain('MESSAGE_MALFORMED');
    expect((await dbem(['parked', 'redrive', 'db.event', '--dry-run'])).out).toContain('still fails');
    const dryRun = await json('parked', 'redrive', 'db.event', parked.id, '--dry-run');
    expect(dryRun.results).toMatchObject([{ id: parked.id, outcome: 'still fails' }]);
    expect((await dbem(['parked', 'redrive', 'db.event', parked.id])).code).toBe(0);
    const again = await waitFor(async () => {
      const [event] = await json('parked', 'list', '--service', 'db.event');
      return event !== undefined && event.id !== parked.id && event;
    });
    expect(again.redrives).toBe(1);
    expect((await dbem(['parked', 'redrive', 'db.event', parked.id])).code).toBe(5);
    expect((await dbem(['parked', 'discard', 'db.event', again.id])).code).toBe(2);
    expect((await dbem(['parked', 'discard', 'db.event', again.id, '--reason', 'a test'])).code).toBe(0);
    expect((await dbem(['parked', 'list'])).out).toContain('Nothing is parked.');
  });

  it('dbem exits with a different code for each kind of failure', async () => {
    expect((await dbem(['nonsense'])).code).toBe(2);
    expect((await dbem(['status'], { DBEM_URL: 'http://127.0.0.1:1' })).code).toBe(3);
    const { code, err } = await dbem(['members'], { DBEM_TOKEN: 'no-token-of-anybody' });
    expect(code).toBe(4);
    expect(err).toContain('credential');
    expect((await dbem(['subscriptions', 'pause', 'nobody', 'none'])).code).toBe(5);
  });

  it('dbem entity, deferred and audit show an entity’s replicas, deferred events and recorded changes', async () => {
    const body = { userId: 'ada', gatewayId: 'seagrid', firstName: 'A', lastName: 'B', emails: ['a@example.org'] };
    expect((await request('POST', `${apps.app('profile').url}/users`, { body })).status).toBe(201);
    await waitFor(async () => (await dbem(['entity', 'user.profile', 'user_profile', 'ada@seagrid'])).code === 0);
    expect((await dbem(['entity', 'user.profile', 'user_profile', 'ada@seagrid'])).out).toMatch(/sharing +current/);
    expect((await dbem(['deferred', 'sharing'])).out).toContain('No event is deferred.');
    expect((await dbem(['audit', '--action', 'pause'])).out).toMatch(/POST .*pause +old\.registry reports +done/);
  });

  it('dbem reconcile compares a replica with its source and reports that they are equal', async () => {
    const start = ['reconcile', 'start', 'user.profile', 'sharing', '--type', 'user_profile', '--wait'];
    const { code, out, err } = await dbem(start);
    expect(`${out}${err}`).toMatch(/outcome +equal/);
    expect(code).toBe(0);
    const runs = await json('reconcile', 'list');
    const run = runs.find(({ kind }: { kind: string }) => kind === 'audit');
    expect(run).toMatchObject({ kind: 'audit', state: 'done', subscriber: 'sharing' });
    expect((await dbem(['reconcile', 'show', run.id])).code).toBe(0);
    expect((await dbem(['reconcile', 'show', 'no-such-run'])).code).toBe(5);
  });

  it('dbem doctor finds no fault in a working system, and reports each fault with its fix', async () => {
    const env = {
      AMQP_URL: apps.vhost.amqpUrl,
      ZOOKEEPER_CONNECT: apps.root.connectString,
      PROFILE_DATABASE_URL: apps.database('profile').url,
      SHARING_DATABASE_URL: apps.database('sharing').url,
    };
    const healthy = await dbem(['doctor'], { ...env, AMQP_MANAGEMENT_URL: inject('managementUrl') });
    expect(healthy.out).toMatch(/broker +RabbitMQ \d/);
    expect(healthy.out).toMatch(/SHARING_DATABASE_URL’s schema +publishes, holds replicas/);
    expect(healthy.out).toMatch(/ZooKeeper 127\.0\.0\.1:\d+ +3\.\d+/);
    for (const clock of ['event manager’s', 'ZooKeeper’s', 'broker’s', 'PROFILE_DATABASE_URL’s']) {
      expect(healthy.out).toMatch(new RegExp(`✓ +${clock} clock +\\d+ ms`));
    }
    expect(healthy.out).toMatch(/ZooKeeper’s permissions +can create nodes/);
    expect(healthy.out).toMatch(/! +permissions on \/db-event-mgr +anyone/);
    expect(healthy.out).toMatch(/! +broker’s permissions +guest, without TLS/);
    expect(healthy.out).not.toContain('✗');
    expect(healthy.code).toBe(0);
    const broken = await dbem(['doctor', '--json'], {
      ...env,
      AMQP_URL: 'amqp://guest:wrong@127.0.0.1:1',
      DBEM_TOKEN: 'wrong',
    });
    expect(broken.code).toBe(1);
    const faults = JSON.parse(broken.out).filter(({ state }: { state: string }) => state === 'fault');
    expect(faults.map(({ check }: { check: string }) => check).sort()).toEqual(['admin API', 'broker']);
    for (const { fix } of faults) expect(fix).toBeTruthy();
  });

  it('dbem database raise-epoch makes a restored database continue with versions that it has never assigned', async () => {
    const { pool, url } = apps.database('profile');
    const newest = async () => BigInt((await pool.query('SELECT last_value FROM db_event.version')).rows[0].last_value);
    const before = await newest();
    const { code, out } = await dbem(['database', 'raise-epoch', '--json'], { DATABASE_URL: url });
    expect(code).toBe(0);
    expect(BigInt(JSON.parse(out).firstVersion)).toBeGreaterThan(before);
    expect(await newest()).toBe(BigInt(JSON.parse(out).firstVersion));
    expect((await dbem(['database', 'raise-epoch', '--database-url', 'postgres://x@127.0.0.1:1/x'])).code).toBe(7);
    expect((await dbem(['database', 'raise-epoch'])).code).toBe(2);
  });

  it('dbem contract registers an IDL file for a publisher that does not register its own, and checks another file against it', async () => {
    const file = join(root, 'libs/entity-codec/idl/project.thrift');
    const entity = ['old.registry', 'project'];
    const of = ['--struct', 'Project'];
    expect((await dbem(['contract', 'verify', ...entity, file, ...of])).code).toBe(5);
    expect((await dbem(['contract', 'register', ...entity, file, ...of])).out).toContain('Registered as version 1.');
    expect((await dbem(['contract', 'register', ...entity, file, ...of])).out).toContain('Registered as version 1.');
    expect(await json('contract', 'schemas', '--publisher', 'old.registry')).toEqual([
      { publisher: 'old.registry', entityType: 'PROJECT', version: 1 },
    ]);
    expect((await dbem(['contract', 'verify', ...entity, file, ...of])).out).toContain(
      'Nothing has changed on the wire.',
    );
    const changed = join(folder, 'gone.thrift');
    writeFileSync(changed, readFileSync(file, 'utf8').replace(/ {2}4: .*\n/, ''));
    const { code, out } = await dbem(['contract', 'verify', ...entity, changed, ...of]);
    expect(out).toMatch(/Project\.name .*NO +archive +required-removed/);
    expect(code).toBe(1);
    expect((await dbem(['contract', 'verify', ...entity, join(folder, 'no-such.thrift'), ...of])).code).toBe(2);
    expect((await dbem(['contract', 'register', ...entity, changed, '--struct', 'Other'])).code).toBe(2);
  });
});
