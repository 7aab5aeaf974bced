import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatch } from './batch-plan';

describe.skip('planBatch (skipped: a sender per destination replaces it)', () => {
  it('lets the last event for the same queues leave singly, and those before it together', () => {
    const queues = ['a', 'b'];
    expect(planBatch([queues, queues, queues], () => true)).toEqual(['together', 'together', 'singly']);
  });

  it('lets an event that is alone, or for one queue, leave singly', () => {
    expect(planBatch([['a', 'b']], () => true)).toEqual(['singly']);
    expect(planBatch([['a'], ['a']], () => true)).toEqual(['singly', 'singly']);
  });

  it('takes witnesses of several lists for one', () => {
    const volley = [
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['c', 'd'],
    ];
    expect(planBatch(volley, () => true)).toEqual(['together', 'singly', 'singly']);
  });

  it('lets no event leave together without a later one that leaves singly to each of its queues', () => {
    const lists = fc.array(fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd'), { minLength: 1 }), {
      minLength: 1,
      maxLength: 5,
    });
    const volleys = lists.chain((known) => fc.tuple(fc.array(fc.constantFrom(...known)), fc.subarray(known)));
    fc.assert(
      fc.property(volleys, ([volley, groups]) => {
        const plan = planBatch(volley, (queues) => groups.includes(queues as string[]));
        plan.forEach((leaving, index) => {
          if (leaving === 'singly') return;
          const queues = volley[index] as string[];
          expect(groups).toContain(queues);
          for (const queue of queues) {
            const isConfirming = (other: number) =>
              plan[other] === 'singly' && groups.includes(volley[other] as string[]) && volley[other]?.includes(queue);
            expect([...volley.keys()].slice(index + 1).some(isConfirming)).toBe(true);
          }
        });
      }),
    );
  });
});
