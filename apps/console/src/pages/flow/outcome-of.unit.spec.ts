import { expect, it } from 'vitest';
import { outcomeOf } from './outcome-of';

it('outcomeOf derives the outcome of an event from the version that the replica has', () => {
  const words = (
    [
      ['10', { service: 's', state: 'current', version: '10' }],
      ['9', { service: 's', state: 'current', version: '10' }],
      ['10', { service: 's', state: 'underway', version: '9' }],
      ['10', { service: 's', state: 'underway' }],
      ['10', { service: 's', state: 'unreachable', reason: 'away' }],
      ['10', { service: 's', state: 'unhandled' }],
      [undefined, { service: 's', state: 'current', version: '10' }],
      ['10', undefined],
    ] as const
  ).map(([version, replica]) => outcomeOf(version, replica).word);
  expect(words).toEqual(['applied', 'stale', 'underway', 'underway', 'unknown', 'ignored', 'unknown', 'unknown']);
});

it('outcomeOf compares versions as integers of any length', () => {
  expect(outcomeOf('9007199254740993', { service: 's', state: 'current', version: '9007199254740992' }).word).toBe(
    'underway',
  );
});
