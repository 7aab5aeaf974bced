import type { DbEvent } from '@dbem/db-event';
import type { SubscriptionRequest } from '@dbem/entity-codec';
import { configFrom, schemaOf } from '@dbem/service-kit';
import { PARKING_HEADERS } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import { Identities } from './identities';
import { IdentityConfig } from './identity.config';

const event = (publisher: string): DbEvent => ({
  publisher,
  entityType: 'USER_PROFILE',
  crudType: 'CREATE',
  entity: Buffer.alloc(0),
});
const subscription = (subscriber: string): SubscriptionRequest => ({
  action: 'SUBSCRIBE',
  publisher: 'user.profile',
  subscriber,
  declareQueue: true,
});

function enforced(variables: Record<string, string> = {}): Identities {
  const environment = { IDENTITY: 'enforced', ...variables };
  const { IDENTITY, IDENTITY_USERS, IDENTITY_LEGACY_SERVICES } = configFrom(IdentityConfig, environment);
  return new Identities({ mode: IDENTITY, users: IDENTITY_USERS, legacyServices: IDENTITY_LEGACY_SERVICES });
}

describe('Identities', () => {
  it('A broker user is accepted for the service of its name, and for no other', () => {
    const identities = enforced();
    identities.check(event('sharing'), 'sharing');
    identities.check(subscription('sharing'), 'sharing');
    expect(() => identities.check(event('sharing'), 'registry')).toThrow(
      expect.objectContaining({ code: 'PUBLISHER_FORGED', retryable: false }),
    );
    expect(() => identities.check(subscription('sharing'), 'registry')).toThrow(
      expect.objectContaining({ code: 'SUBSCRIBER_FORGED' }),
    );
    expect(() => identities.check(event('sharing'), 'sharing.')).toThrow();
  });

  it('A message without a broker user is rejected', () => {
    expect(() => enforced().check(event('sharing'), undefined)).toThrow(
      expect.objectContaining({ code: 'PUBLISHER_FORGED' }),
    );
  });

  it('A legacy service is accepted without a broker user, but not with another service’s user', () => {
    const identities = enforced({ IDENTITY_LEGACY_SERVICES: 'iam.admin, tenant' });
    identities.check(event('tenant'), undefined, true);
    identities.check(event('tenant'), 'tenant', true);
    expect(() => identities.check(event('tenant'), 'sharing', true)).toThrow();
    expect(() => identities.check(event('sharing'), undefined, true)).toThrow();
  });

  it('A legacy service is not accepted without a broker user where legacy services do not send', () => {
    const identities = enforced({ IDENTITY_LEGACY_SERVICES: 'tenant' });
    expect(() => identities.check(event('tenant'), undefined)).toThrow(
      expect.objectContaining({ code: 'PUBLISHER_FORGED' }),
    );
    expect(() => identities.check(subscription('tenant'), undefined)).toThrow(
      expect.objectContaining({ code: 'SUBSCRIBER_FORGED' }),
    );
    expect(() => identities.checkSender('tenant', undefined)).toThrow();
  });

  it('A configured broker user is accepted for its configured services, and for these only', () => {
    const identities = enforced({ IDENTITY_USERS: 'profile-app=user.profile,profile-app=tenant' });
    identities.check(event('user.profile'), 'profile-app');
    identities.check(event('tenant'), 'profile-app');
    expect(() => identities.check(event('profile-app'), 'profile-app')).toThrow();
    expect(() => identities.check(event('sharing'), 'profile-app')).toThrow();
  });

  it('A message that an event manager redrives keeps its original publisher, and no other user can claim one', () => {
    const identities = new Identities({ mode: 'enforced', ownUser: 'event-manager', users: [], legacyServices: [] });
    const headers = { [PARKING_HEADERS.userId]: 'sharing' };
    expect(identities.publisherOf({ userId: 'event-manager', headers })).toBe('sharing');
    expect(identities.publisherOf({ userId: 'event-manager', headers: {} })).toBeUndefined();
    expect(identities.publisherOf({ userId: 'registry', headers })).toBe('registry');
    expect(identities.publisherOf({ headers })).toBeUndefined();
  });

  it('Every broker user is accepted when identities are off', () => {
    new Identities({ mode: 'off', users: [], legacyServices: [] }).check(event('sharing'), 'registry');
  });

  it('A reply is allowed only to direct reply-to and to queues that the broker named', () => {
    const identities = enforced();
    expect(identities.mayReplyTo('amq.rabbitmq.reply-to.g1h2AA5yZXBseUAx')).toBe(true);
    expect(identities.mayReplyTo('amq.gen-JzTY20BRgKO-HjmUJj0wLg')).toBe(true);
    for (const queue of ['sharing.queue', 'db.event.queue', 'amq.rabbitmq.reply-to', 'x.amq.gen-1']) {
      expect(identities.mayReplyTo(queue), queue).toBe(false);
    }
  });

  it('An identity configuration with invalid names is rejected', () => {
    for (const faulty of [
      { IDENTITY_USERS: 'nobody' },
      { IDENTITY_USERS: 'x=db.event' },
      { IDENTITY_LEGACY_SERVICES: 'a b' },
    ]) {
      expect(schemaOf([IdentityConfig]).safeParse(faulty).success).toBe(false);
    }
  });
});
