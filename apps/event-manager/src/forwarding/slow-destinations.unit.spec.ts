import { expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { Destination } from './destination';
import { SlowDestinations } from './slow-destinations';

const NONE = Number.POSITIVE_INFINITY;
const NOW = 100_000;

/** For each of two checks: which of the destinations are found, whose oldest event waits for so long, ms. */
function foundIn(waits: readonly number[], { answers = true } = {}): number[][] {
  const destinations = waits.map((waitMs) => standIn<Destination>({ oldestUnconfirmedMs: NOW - waitMs }));
  const slow = new SlowDestinations();
  return [1, 2].map((check) =>
    slow.check(destinations, NOW, answers ? check : 0).map((found) => destinations.indexOf(found)),
  );
}

it('A destination whose oldest event waits for more than five seconds, beside a prompt one, is slow in the second check', () => {
  expect(foundIn([0, 5_001, 4_000])).toEqual([[], [1]]);
  expect(foundIn([-NONE, 5_001])).toEqual([[], [1]]);
});

it('No destination is slow in a backlog that all share', () => {
  expect(foundIn([6_000, 7_000])).toEqual([[], []]);
});

it('No destination is slow while the broker does not answer', () => {
  expect(foundIn([0, 60_000], { answers: false })).toEqual([[], []]);
});
