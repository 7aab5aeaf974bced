import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppInstance } from '../support/apps/app-instance';
import { InProcessApp } from '../support/apps/in-process-app';
import { type RunningApps, startApps } from '../support/apps/running-apps';
import { request } from '../support/http/http';
import { expectRefused } from '../support/network/expect-refused';
import { waitFor } from '../support/waiting/wait-for';

const ADMIN_TOKEN = 'the-token-of-this-test';
const IDL = readFileSync(
  fileURLToPath(new URL('../../libs/entity-codec/idl/user_profile.thrift', import.meta.url)),
  'utf8',
);
const KEY = { publisher: 'user.profile', entityType: 'USER_PROFILE', struct: 'UserProfile' };

interface CheckResult {
  readonly against: number;
  readonly isCompatible: boolean;
  readonly changes: readonly { readonly path: string; readonly rule: string; readonly breaksSubscribers: string[] }[];
  readonly subscribers: readonly string[];
}

interface Entry {
  readonly action: string;
  readonly target: Readonly<Record<string, string>>;
}

describe('contract checks in the admin API', () => {
  let apps: RunningApps;

  beforeAll(async () => {
    apps = await startApps(['profile', 'sharing'], { ADMIN_TOKEN }, { asProcesses: ['event-manager'] });
    await waitFor(async () => (await check(IDL)).isCompatible, { what: 'the publisher to report its schemas' });
  });

  afterAll(async () => {
    await apps?.stop();
  });

  const call = <Body>(manager: AppInstance, method: string, path: string, body?: unknown) =>
    request<Body>(method, `${manager.url}/admin/v1${path}`, {
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body }),
    });

  const admin = <Body>(method: string, path: string, body?: unknown) =>
    call<Body>(apps.app('event-manager'), method, path, body);

  const check = async (idl: string, more = {}) =>
    (await admin<CheckResult>('POST', '/contract-checks', { ...KEY, idl, ...more })).body;

  it('The IDL that the publisher reports itself counts as unchanged', async () => {
    expect(await check(IDL)).toEqual({ against: 1, isCompatible: true, changes: [], subscribers: ['sharing'] });
    const { body } = await admin('GET', '/schemas/user.profile/USER_PROFILE/1');
    expect(body).toMatchObject({ ...KEY, version: 1, idl: IDL, registeredBy: 'user.profile' });
  });

  it('An added optional field is compatible and breaks no subscriber', async () => {
    const result = await check(
      IDL.replace('8: optional string middleName', '8: optional string middleName\n  99: optional string pet'),
    );
    expect(result).toMatchObject({
      isCompatible: true,
      changes: [{ path: 'UserProfile.pet', rule: 'optional-added', breaksSubscribers: [] }],
    });
  });

  it('A removed field is incompatible and breaks the subscribers of that entity type', async () => {
    for (const [subscriber, body] of [
      ['mailer', { entityTypes: ['USER_PROFILE'] }],
      ['all.types', {}],
      ['tenants.only', { entityTypes: ['TENANT'] }],
    ] as const) {
      expect((await admin('PUT', `/subscriptions/user.profile/${subscriber}`, body)).status).toBe(201);
    }
    const result = await check(IDL.replace(/ {2}3: required string userId.*\n/, ''));
    expect(result).toMatchObject({
      isCompatible: false,
      changes: [
        {
          path: 'UserProfile.userId',
          rule: 'required-removed',
          breaksSubscribers: ['all.types', 'mailer', 'sharing'],
        },
      ],
    });
    const removed = await check(IDL.replace(/ {2}8: optional string middleName.*\n/, ''));
    expect(removed).toMatchObject({ isCompatible: false, changes: [{ breaks: 'readers of the field' }] });
  });

  it('Structs and enums that the entity does not contain do not count as a change', async () => {
    expect((await check(`${IDL}\nstruct Unrelated { 1: string a }\nenum Other { A }\n`)).changes).toEqual([]);
  });

  it('A contract check uses the newest registered version while the publisher is down, or an older version that the request names', async () => {
    await apps.app('profile').stop();
    await expectRefused(apps.app('profile').port);
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

  it('Registered schema versions are kept when the event manager is killed', async () => {
    await apps.process('event-manager').kill();
    await expectRefused(apps.process('event-manager').port);
    const next = await InProcessApp.start('event-manager', apps.environmentOf('event-manager'));
    try {
      await next.waitUntilReady();
      const { body } = await call<CheckResult>(next, 'POST', '/contract-checks', { ...KEY, idl: IDL });
      expect(body).toMatchObject({ against: 2, isCompatible: false, changes: [{ path: 'UserProfile.pet' }] });
      // A check changes nothing, so the audit trail must not contain it when it contains this later change.
      expect((await call(next, 'PUT', '/subscriptions/later/change', {})).status).toBe(201);
      const actions = await waitFor(async () => {
        const { items } = (await call<{ items: Entry[] }>(next, 'GET', '/audit')).body;
        return items.some(({ target }) => target['publisher'] === 'later') && items.map(({ action }) => action);
      });
      expect(actions.filter((action) => action.includes('contract-checks'))).toEqual([]);
      const refusals = await Promise.all(
        [
          { ...KEY, idl: 'struct UserProfile {' },
          { ...KEY, idl: 'struct Other {}' },
          { ...KEY, idl: `struct UserProfile {} // ${'x'.repeat(70_000)}` },
          { ...KEY, publisher: 'nobody', idl: IDL },
        ].map((refused) => call<{ code?: string }>(next, 'POST', '/contract-checks', refused)),
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
