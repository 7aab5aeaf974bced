import { describe, expect, it } from 'vitest';
import { type PendingPublish, PendingPublishes } from './pending-publishes';

function publishOf(): PendingPublish {
  return { returnReason: undefined, done: () => {} };
}

function filled(count: number) {
  const pending = new PendingPublishes();
  const publishes = Array.from({ length: count }, publishOf);
  const numbers = publishes.map((publish) => pending.add(publish));
  return { pending, publishes, numbers };
}

describe('PendingPublishes', () => {
  it('Unconfirmed publishes are numbered consecutively, whatever is confirmed meanwhile', () => {
    const { pending, numbers } = filled(3);
    expect(numbers).toEqual([1, 2, 3]);
    for (const number of numbers) pending.remove(number);
    expect(pending.add(publishOf())).toBe(4);
    pending.removeAll();
    expect(pending.add(publishOf())).toBe(5);
  });

  it('Unconfirmed publishes are found by number until they are removed, in any order', () => {
    const { pending, publishes } = filled(4);
    expect(pending.remove(3)).toBe(publishes[2]);
    expect(pending.remove(1)).toBe(publishes[0]);
    expect([pending.find(1), pending.find(3)]).toEqual([undefined, undefined]);
    expect([pending.find(2), pending.find(4)]).toEqual([publishes[1], publishes[3]]);
    expect(pending.remove(2)).toBe(publishes[1]);
    expect(pending.find(4)).toBe(publishes[3]);
  });

  it('Unconfirmed publishes are counted once each', () => {
    const { pending } = filled(3);
    pending.remove(2);
    expect(pending.remove(2)).toBeUndefined();
    expect(pending.size).toBe(2);
    pending.remove(1);
    expect(pending.size).toBe(1);
    pending.removeAll();
    expect(pending.size).toBe(0);
  });

  it('Unconfirmed publishes are returned oldest first when all are removed, without those removed before', () => {
    const { pending, publishes } = filled(3);
    pending.remove(2);
    expect(pending.removeAll()).toEqual([publishes[0], publishes[2]]);
    expect(pending.find(3)).toBeUndefined();
  });

  it('Unconfirmed publishes are not found by a number that was never assigned', () => {
    const { pending } = filled(2);
    pending.remove(1);
    for (const number of [-1, 0, 1, 3, 1.5, Number.NaN]) expect(pending.remove(number)).toBeUndefined();
    expect(pending.size).toBe(1);
  });
});
