import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppProcess } from '../../tools/apps/app-process';
import { logFolder, request, waitFor } from '../support';
import { type RunningApps, startApps } from '../support/apps/running-apps';

const ADMIN_TOKEN = 'the-token-of-this-test';
const IDL = readFileSync(
  fileURLToPath(new URL('../../libs/entity-codec/idl/user_profile.thrift', import.meta.url)),
  'utf8',
);
const KEY = { publisher: 'user.profile', entityType: 'USER_PROFILE', struct: 'UserProfile' };

interface Verdict {
  readonly against: number;
  readonly isCompatible: boolean;
  readonly changes: readonly { readonly path: string; readonly rule: string; readonly breaksSubscribers: string[] }[];
  readonly subscribers: readonly string[];
}

describe('the contract check of the admin API', () => {
  let apps: RunningApps;

  beforeAll(async () => {
    apps = await startApps(['profile', 'sharing'], { ADMIN_TOKEN }, { asProcesses: ['event-manager'] });
    await waitFor(async () => (await check(IDL)).isCompatible, { what: 'the publisher to answer for its schemas' });
  }, 120_000);

  afterAll(async () => {
    await apps?.stop();
  });

  const admin = <Body>(method: string, path: string, body?: unknown) =>
    request<Body>(method, `${apps.app('event-manager').url}/admin/v1${path}`, {
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body }),
    });

  const check = async (idl: string, more = {}) =>
    (await admin<Verdict>('POST', '/contract-checks', { ...KEY, idl, ...more })).body;

  it('asks the publisher for what it publishes, and finds nothing changed in that', async () => {
    expect(await check(IDL)).toEqual({ against: 1, isCompatible: true, changes: [], subscribers: ['sharing'] });
    const { body } = await admin('GET', '/schemas/user.profile/USER_PROFILE/1');
    expect(body).toMatchObject({ ...KEY, version: 1, idl: IDL, registeredBy: 'user.profile' });
  });

  it('says what is compatible', async () => {
    const verdict = await check(
      IDL.replace('8: optional string middleName', '8: optional string middleName\n  99: optional string pet'),
    );
    expect(verdict).toMatchObject({
      isCompatible: true,
      changes: [{ path: 'UserProfile.pet', rule: 'optional-added', breaksSubscribers: [] }],
    });
  });

  it('says what is not, and which subscribers it would break: those of such entities', async () => {
    await admin('PUT', '/subscriptions/user.profile/mailer', { entityTypes: ['USER_PROFILE'] });
    await admin('PUT', '/subscriptions/user.profile/all.hearing', {});
    await admin('PUT', '/subscriptions/user.profile/tenants.only', { entityTypes: ['TENANT'] });
    const verdict = await check(IDL.replace(/ {2}3: required string userId.*\n/, ''));
    expect(verdict).toMatchObject({
      isCompatible: false,
      changes: [
        {
          path: 'UserProfile.userId',
          rule: 'required-removed',
          breaksSubscribers: ['all.hearing', 'mailer', 'sharing'],
        },
      ],
    });
    const removed = await check(IDL.replace(/ {2}8: optional string middleName.*\n/, ''));
    expect(removed).toMatchObject({ isCompatible: false, changes: [{ breaks: 'readers of the field' }] });
  });

  it('answers about what does not travel with the entity that nothing has changed', async () => {
    expect((await check(`${IDL}\nstruct Unrelated { 1: string a }\nenum Other { A }\n`)).changes).toEqual([]);
  });

  it('goes by the newest version on record while the publisher is away, and by an older one if told to', async () => {
    await apps.app('profile').stop();
    const longer = IDL.replace(
      '8: optional string middleName',
      '8: optional string middleName\n  99: optional string pet',
    );
    const put = () =>
      admin<{ version: number }>('PUT', '/schemas/user.profile/USER_PROFILE', { struct: 'UserProfile', idl: longer });
    expect(await put()).toMatchObject({ status: 201, body: { version: 2, registeredBy: 'ADMIN_TOKEN' } });
    expect(await put()).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await check(longer)).toMatchObject({ against: 2, changes: [] });
    expect(await check(longer, { against: 1 })).toMatchObject({ against: 1, changes: [{ rule: 'optional-added' }] });
    const { body } = await admin<{ items: unknown[]; next?: string }>('GET', '/schemas?publisher=user.profile&limit=2');
    expect(body.items).toEqual([
      { publisher: 'user.profile', entityType: 'TENANT', version: 1 },
      { publisher: 'user.profile', entityType: 'USER_PROFILE', version: 2 },
    ]);
    const rest = await admin<{ items: unknown[] }>('GET', `/schemas?publisher=user.profile&limit=2&after=${body.next}`);
    expect(rest.body.items).toEqual([{ publisher: 'user.profile', entityType: 'USER_PROFILE', version: 1 }]);
  });

  it('outlives the event manager', async () => {
    await apps.process('event-manager').kill();
    const next = await AppProcess.start({
      app: 'event-manager',
      env: { AMQP_URL: apps.vhost.amqpUrl, ZOOKEEPER_CONNECT: apps.root.connectString, ADMIN_TOKEN },
      logFolder,
    });
    try {
      await next.waitUntilReady();
      const { body } = await request<Verdict>('POST', `${next.url}/admin/v1/contract-checks`, {
        token: ADMIN_TOKEN,
        body: { ...KEY, idl: IDL },
      });
      expect(body).toMatchObject({ against: 2, isCompatible: false, changes: [{ path: 'UserProfile.pet' }] });
      const posted = (entry: { action: string }) => entry.action.includes('contract-checks');
      const audit = await waitFor(async () => {
        const { items } = (
          await request<{ items: { action: string }[] }>('GET', `${next.url}/admin/v1/audit`, { token: ADMIN_TOKEN })
        ).body;
        return items.length > 0 && items;
      });
      expect(audit.some(posted)).toBe(false);
      const refusals = await Promise.all(
        [
          { ...KEY, idl: 'struct UserProfile {' },
          { ...KEY, idl: 'struct Other {}' },
          { ...KEY, idl: `struct UserProfile {} // ${'x'.repeat(70_000)}` },
          { ...KEY, publisher: 'nobody', idl: IDL },
        ].map((body) => request('POST', `${next.url}/admin/v1/contract-checks`, { token: ADMIN_TOKEN, body })),
      );
      expect(refusals.map(({ status, body }) => [status, body.code])).toEqual([
        [400, 'SCHEMA_INVALID'],
        [400, 'SCHEMA_INVALID'],
        [400, 'SCHEMA_INVALID'],
        [404, undefined],
      ]);
    } finally {
      await next.stop();
    }
  });
});
