import { expect, it } from 'vitest';
import { serviceNameFault } from './service-name';

it.each([
  ['x'.repeat(200), undefined],
  ['x'.repeat(201), 'longer than 200 characters'],
  ['a b', 'not words of letters, digits, "_" and "-" joined by dots'],
  ['db.events', undefined],
  ['db.event-2', undefined],
  ['my.db.event', undefined],
  ['DB', undefined],
])('The service name %s has the fault: %s', (name, fault) => {
  expect(serviceNameFault(name)).toBe(fault);
});
