import { DbEventError } from '@dbem/db-event';
import { SILENT_LOG } from '@dbem/runtime';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { ARRIVAL_HEADER, arrivalOf, type Broker, type OrderedChannel, type Topology, termOf } from '@dbem/transport';
import { beforeEach, describe, expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import { ArrivalCounter } from './arrival-counter';

describe('ArrivalCounter', () => {
  let terms: number[];
  let counter: ArrivalCounter;
  let isAsDeclared: boolean | undefined;

  const channel = (affirm = async () => {}) => standIn<OrderedChannel>({ affirm, ended: new AbortController().signal });
  const next = () => arrivalOf({ headers: { [ARRIVAL_HEADER]: counter.next() } }) ?? -1n;

  beforeEach(() => {
    terms = [];
    isAsDeclared = true;
    const nextTerm = async () => {
      const term = terms.shift();
      if (term === undefined) throw new DbEventError('MAP_UNAVAILABLE', 'no ZooKeeper', { retryable: true });
      return term;
    };
    const topology = standIn<Topology>({ isAsDeclared: () => isAsDeclared });
    counter = new ArrivalCounter(
      standIn<Broker>({ topology }),
      standIn<SubscriptionRegistry>({ nextTerm }),
      SILENT_LOG,
    );
  });

  it('Each channel begins a term, and its events are counted', async () => {
    terms = [7, 9];
    const first = channel();
    await counter.begin(first, 2);
    const [one, two] = [next(), next()];
    await counter.begin(first, 1);
    const three = next();
    expect([one, two, three]).toEqual([one, one + 1n, one + 2n]);
    await counter.begin(channel(), 1);
    expect([one, next()].map(termOf)).toEqual([7, 9]);
  });

  it('A term that began on a channel that is lost is not used', async () => {
    terms = [7, 8];
    const lost = channel(async () => {
      throw new Error('the channel is closed');
    });
    await expect(counter.begin(lost, 1)).rejects.toThrow('closed');
    await counter.begin(channel(), 1);
    expect(termOf(next())).toBe(8);
  });

  it('Events from a queue with other properties, which several managers consume, are not numbered', async () => {
    isAsDeclared = false;
    await counter.begin(channel(), 1);
    expect(counter.next()).toBeUndefined();
  });

  it('A term begins when it is known whether the queue has one consumer', async () => {
    terms = [7];
    isAsDeclared = undefined;
    const begun = counter.begin(channel(), 1);
    isAsDeclared = true;
    await begun;
    expect(termOf(next())).toBe(7);
  });

  it('Without ZooKeeper terms follow the clock, and rise', async () => {
    await counter.begin(channel(), 1);
    const byClock = termOf(next());
    expect(byClock).toBeGreaterThan((Date.now() - Date.UTC(2020, 0, 1)) / 1_000 - 60);
    await counter.begin(channel(), 1);
    expect(termOf(next())).toBeGreaterThan(byClock);
  });
});
