import { describe, expect, it } from 'vitest';
import { serviceNameFault } from './service-name';

describe('serviceNameFault', () => {
  it.each(['user.profile', 'sharing', 'iam.admin', 'a', 'A-b_c.9'])('The service name %s is valid', (name) => {
    expect(serviceNameFault(name)).toBeUndefined();
  });

  it.each(['', '.', 'a.', '.a', 'a..b', 'a/b', 'a b', '#', '*.x', 'ä', '-a', 'x'.repeat(201)])(
    'The service name "%s" is invalid',
    (name) => {
      expect(serviceNameFault(name)).toBeDefined();
    },
  );

  it.each(['db.event', 'db', 'event', 'db.event.control'])(
    'The service name %s is reserved for the event manager',
    (name) => {
      expect(serviceNameFault(name)).toContain('reserved');
    },
  );
});
