import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planBatch } from './batch-plan';

describe.skip('planBatch (skipped: a sender per destination replaces it)', () => {
  it('planBatch sends the last event for the same queues per queue, and the earlier ones to the group', () => {
    const queues = ['a', 'b'];
    expect(planBatch([queues, queues, queues], () => true)).toEqual(['group', 'group', 'each']);
  });

  it('planBatch sends an only event, or an event for one queue, per queue', () => {
    expect(planBatch([['a', 'b']], () => true)).toEqual(['each']);
    expect(planBatch([['a'], ['a']], () => true)).toEqual(['each', 'each']);
  });

  it('planBatch verifies one list of queues by later events of several lists', () => {
    const batch = [
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['c', 'd'],
    ];
    expect(planBatch(batch, () => true)).toEqual(['group', 'each', 'each']);
  });

  it('planBatch sends no event to a group without a later event that is sent to each of its queues', () => {
    const lists = fc.array(fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd'), { minLength: 1 }), {
      minLength: 1,
      maxLength: 5,
    });
    const batches = lists.chain((known) => fc.tuple(fc.array(fc.constantFrom(...known)), fc.subarray(known)));
    fc.assert(
      fc.property(batches, ([batch, groups]) => {
        const plan = planBatch(batch, (queues) => groups.includes(queues as string[]));
        plan.forEach((mode, index) => {
          if (mode === 'each') return;
          const queues = batch[index] as string[];
          expect(groups).toContain(queues);
          for (const queue of queues) {
            const isConfirming = (other: number) =>
              plan[other] === 'each' && groups.includes(batch[other] as string[]) && batch[other]?.includes(queue);
            expect([...batch.keys()].slice(index + 1).some(isConfirming)).toBe(true);
          }
        });
      }),
    );
  });
});
