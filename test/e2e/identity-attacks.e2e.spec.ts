import { encodeSubscriptionRequest } from '@dbem/entity-codec';
import { encodeServiceStatus } from '@dbem/transport';
import type { ConfirmChannel } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectEvent } from '../support/events/project-event';
import { type EnforcedSystem, startEnforcedSystem } from '../support/identity/enforced-system';
import { waitFor } from '../support/waiting/wait-for';

const REFUSED = expect.stringContaining('ACCESS_REFUSED');

/** Alpha is the attacker, beta the victim. */
describe('limits of a service’s broker user', () => {
  let system: EnforcedSystem;
  let [ALPHA, BETA, LEGACY] = ['', '', ''];

  beforeAll(async () => {
    system = await startEnforcedSystem();
    ({ alpha: ALPHA, beta: BETA, legacy: LEGACY } = system.names);
  });

  afterAll(() => system?.stop());

  beforeEach(() => purge(`${BETA}.queue`, `${BETA}.parked`));

  afterEach(async () => {
    expect(await contentOf(`${BETA}.queue`)).toEqual([]);
    expect(await contentOf(`${BETA}.parked`)).toEqual([]);
  });

  const contentOf = (queue: string) => system.administrator.contentOf(queue);
  const purge = (...queues: string[]) => system.administrator.purge(...queues);
  const refusalOf = (act: (channel: ConfirmChannel) => unknown) => system.alpha.refusalOf(act);

  it('A service can’t read, consume, purge or delete another service’s queues', async () => {
    for (const queue of [`${BETA}.queue`, `${BETA}.parked`, `${BETA}.retry`, 'db.event.queue', 'db.event.parked']) {
      expect(await refusalOf((channel) => channel.get(queue)), queue).toEqual(REFUSED);
      expect(await refusalOf((channel) => channel.consume(queue, () => {})), queue).toEqual(REFUSED);
      expect(await refusalOf((channel) => channel.purgeQueue(queue)), queue).toEqual(REFUSED);
      expect(await refusalOf((channel) => channel.deleteQueue(queue)), queue).toEqual(REFUSED);
    }
  });

  it('A service can’t bind a queue to the exchange of all events', async () => {
    const bind = (channel: ConfirmChannel) => channel.bindQueue(`${ALPHA}.queue`, 'db.event.exchange', '#');
    expect(await refusalOf(bind)).toEqual(REFUSED);
    expect(await refusalOf((channel) => channel.assertQueue('of.its.own'))).toEqual(REFUSED);
    const bindOfLegacy = system.legacy.refusalOf(async (channel) => {
      await channel.assertQueue(`${LEGACY}.queue`, { durable: true });
      await channel.bindQueue(`${LEGACY}.queue`, 'db.event.exchange', '#');
    });
    expect(await bindOfLegacy).toEqual(REFUSED);
  });

  it('A service can’t publish to another service’s queue without the event manager', async () => {
    const { alpha } = system;
    const body = projectEvent(ALPHA);
    expect(await alpha.publish('', `${BETA}.queue`, body)).toEqual(REFUSED);
    expect(await alpha.publish(`${BETA}.failed`, 'parked', body)).toEqual(REFUSED);
    expect(await alpha.publish(`${BETA}.failed`, 'retry', body)).toEqual(REFUSED);
    for (const exchange of ['db.event.retry', 'db.event.redelivery']) {
      expect(await alpha.publish(exchange, BETA, body)).toEqual(REFUSED);
    }
    expect(await alpha.publish('db.event.exchange', `${BETA}.queue`, body)).toEqual(REFUSED);
  });

  it('A service can’t park or retry into another service’s queue with CC and BCC keys in its own message', async () => {
    const keys = { CC: [`${BETA}.queue`, BETA], BCC: [`${BETA}.parked`, BETA] };
    const headers = { 'dbem-lane': 'db.event.retry.1.1' };
    const options = { ...keys, headers };
    expect(await system.alpha.publish(`${ALPHA}.failed`, 'retry', projectEvent(BETA), options)).toBeUndefined();
    await waitFor(async () => (await contentOf(`${ALPHA}.queue`)).length > 0);
    await purge(`${ALPHA}.queue`);
  });

  it('A service can’t make the manager route its event to queues outside the subscription map', async () => {
    const keys = { CC: [`${BETA}.queue`], BCC: [`${BETA}.queue`], userId: ALPHA };
    expect((await system.admin('DELETE', `/subscriptions/${ALPHA}/${BETA}`)).status).toBe(204);
    expect(await system.alpha.ask(projectEvent(ALPHA), keys)).toEqual({ status: 'ACCEPTED', services: [] });
    expect((await system.admin('PUT', `/subscriptions/${ALPHA}/${BETA}`, {})).status).toBe(201);
  });

  it('A service can’t make the manager send a reply to another service’s queue', async () => {
    const options = { userId: ALPHA, replyTo: `${BETA}.queue` };
    expect(await system.alpha.publishToManager(projectEvent('x'), options)).toBeUndefined();
    await waitFor(async () => (await contentOf('db.event.parked')).length > 0);
    // The manager replies in order: when this reply arrives, the previous one has been sent or dropped.
    expect(await system.beta.ask(projectEvent(BETA), { userId: BETA })).toMatchObject({ status: 'ACCEPTED' });
    await purge('db.event.parked', `${ALPHA}.queue`);
  });

  it('A service can’t report the status of another service or of an event manager', async () => {
    const statusOf = (service: string) =>
      encodeServiceStatus({
        service,
        instance: `reported for ${service}`,
        software: '1',
        startedAtMs: Date.now(),
        isReady: true,
        reasons: [],
      });
    const report = (service: string) =>
      system.alpha.publish('db.event.status', '', statusOf(service), { userId: ALPHA });
    expect(await report(BETA)).toBeUndefined();
    expect(await report(ALPHA)).toBeUndefined();
    const topology = async () => JSON.stringify((await system.admin('GET', '/topology')).body);
    await waitFor(async () => (await topology()).includes(`reported for ${ALPHA}`));
    expect(await topology()).not.toContain(`reported for ${BETA}`);
    expect(await system.alpha.publish('db.event.managers', '', Buffer.from('x'))).toEqual(REFUSED);
  });

  it('A service can’t publish as another broker user', async () => {
    const refusal = await system.alpha.publishToManager(projectEvent(ALPHA), { userId: BETA });
    expect(refusal).toContain('PRECONDITION_FAILED');
  });

  const requestFor = (action: 'SUBSCRIBE' | 'UNSUBSCRIBE', publisher: string) =>
    encodeSubscriptionRequest({ action, publisher, subscriber: BETA, declareQueue: true });

  it.each([
    ['publishes as another service', () => projectEvent(BETA), 'PUBLISHER_FORGED'],
    ['publishes as a legacy service', () => projectEvent(LEGACY), 'PUBLISHER_FORGED'],
    ['subscribes another service', () => requestFor('SUBSCRIBE', 'x'), 'SUBSCRIBER_FORGED'],
    ['unsubscribes another service', () => requestFor('UNSUBSCRIBE', ALPHA), 'SUBSCRIBER_FORGED'],
  ])('A service that %s is rejected, and its message is parked, counted and reported', async (_what, body, code) => {
    const forged = async () => (await system.admin('GET', '/identity')).body as unknown as Identity;
    const before = await forged();
    const options = { userId: ALPHA, headers: { 'x-dbem-user-id': BETA } };
    expect(await system.alpha.ask(body(), options)).toMatchObject({ status: 'REJECTED', code, retryable: false });
    const parked = await contentOf('db.event.parked');
    expect(parked.map(({ headers }) => [headers['x-dbem-reason-code'], headers['x-dbem-user-id']])).toEqual([
      [code, ALPHA],
    ]);
    const after = await forged();
    expect(after).toMatchObject({ isEnforced: true, forged: before.forged + 1 });
    expect(after.forgedMessages.at(-1)).toMatchObject({ code, userId: ALPHA });
    const { body: subscriptions } = await system.admin('GET', `/subscriptions?subscriber=${BETA}`);
    expect(subscriptions['items']).toHaveLength(2);
    await purge('db.event.parked');
  });

  it('A message without a broker user is rejected, unless its service is listed as a legacy service', async () => {
    expect(await system.alpha.ask(projectEvent(ALPHA))).toMatchObject({ status: 'REJECTED', code: 'PUBLISHER_FORGED' });
    expect(await system.legacy.ask(projectEvent(LEGACY))).toEqual({ status: 'ACCEPTED', services: [BETA] });
    // Legacy services send single messages to an exchange that only they may use, so a batch proves another sender.
    expect(await system.alpha.ask(projectEvent(LEGACY))).toMatchObject({
      status: 'REJECTED',
      code: 'PUBLISHER_FORGED',
    });
    expect(await system.alpha.publish('db.event.exchange', 'db.event', projectEvent(LEGACY))).toEqual(REFUSED);
    await purge('db.event.parked', `${BETA}.queue`);
  });
});

interface Identity {
  readonly isEnforced: boolean;
  readonly forged: number;
  readonly forgedMessages: readonly { readonly code: string; readonly userId: string }[];
}
