import { DbEventError } from '@dbem/db-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FanOutPublisher } from './fan-out-publisher';
import type { QueueGroup } from './queue-groups';

type Settle = (error?: DbEventError) => void;

/** A broker of which queues and bindings go when they are deleted; a queue may come again, its bindings don't. */
class ModelBroker {
  private readonly queues = new Map<string, number[]>();
  private readonly bindings = new Map<string, Set<string>>();
  private readonly unsettled: (() => void)[] = [];
  private readonly groups = new Map<readonly string[], QueueGroup>();
  publishes = 0;
  most = 0;
  /** Called before each publish. */
  beforePublish: (publish: number) => void = () => {};

  constructor(names: readonly string[]) {
    for (const name of names) {
      this.queues.set(name, []);
      this.bindings.set(`${name}!`, new Set([name]));
    }
  }

  group(queues: readonly string[]): void {
    const key = queues.join();
    this.bindings.set(key, new Set(queues));
    this.groups.set(queues, { exchange: 'copies', key, confirmKeyOf: (queue) => `${queue}!` });
  }

  deleteQueue(name: string): void {
    this.queues.delete(name);
    for (const bound of this.bindings.values()) bound.delete(name);
  }

  declareQueue(name: string): void {
    if (!this.queues.has(name)) this.queues.set(name, []);
  }

  heldBy(name: string): readonly number[] {
    return this.queues.get(name) ?? [];
  }

  find(queues: readonly string[]): QueueGroup | undefined {
    return this.groups.get(queues);
  }

  left(): void {}

  landed(): void {}

  forget(queue: string): void {
    for (const queues of [...this.groups.keys()]) if (queues.includes(queue)) this.groups.delete(queues);
  }

  send({ body }: { body: Buffer }, exchange: string, key: string, settle: Settle): void {
    this.beforePublish(this.publishes);
    this.publishes += 1;
    const names = exchange === '' ? [key] : [...(this.bindings.get(key) ?? [])];
    const taking = names.filter((name) => this.queues.has(name));
    for (const name of taking) this.queues.get(name)?.push(body.readUInt32BE());
    const error = taking.length > 0 ? undefined : new DbEventError('MESSAGE_UNROUTABLE', 'no queue');
    this.unsettled.push(() => settle(error));
    this.most = Math.max(this.most, this.unsettled.length);
    if (this.unsettled.length === 1) setImmediate(() => this.confirmAll());
  }

  private confirmAll(): void {
    for (const settle of this.unsettled.splice(0)) settle();
  }
}

function bodyOf(number: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32BE(number);
  return body;
}

describe.skip('FanOutPublisher (skipped: a sender per destination replaces it)', () => {
  const QUEUES = ['a', 'b', 'c'];

  it('needs one publish for all queues of an event, and one more for each queue of the last', async () => {
    const broker = new ModelBroker(QUEUES);
    broker.group(QUEUES);
    const publisher = new FanOutPublisher(broker, broker);
    const numbers = Array.from({ length: 10 }, (_, index) => index);
    const failed = await Promise.all(numbers.map((number) => publisher.publish({ body: bodyOf(number) }, QUEUES)));
    expect(failed.flat()).toEqual([]);
    expect(broker.publishes).toBe(9 + 3);
    for (const queue of QUEUES) expect(broker.heldBy(queue)).toEqual(numbers);
  });

  it('says of every event of a volley that a queue missed it which was deleted before, and declared again by somebody else', async () => {
    const broker = new ModelBroker(QUEUES);
    broker.group(QUEUES);
    broker.deleteQueue('b');
    broker.declareQueue('b');
    const publisher = new FanOutPublisher(broker, broker);
    const failed = await Promise.all([1, 2, 3].map((number) => publisher.publish({ body: bodyOf(number) }, QUEUES)));
    expect(failed.map((each) => each.map(({ queue, error }) => [queue, error.code]))).toEqual(
      [1, 2, 3].map(() => [['b', 'MESSAGE_UNROUTABLE']]),
    );
    // That group is no group any more, so the next goes by the queues' names.
    expect(await publisher.publish({ body: bodyOf(4) }, QUEUES)).toEqual([]);
    expect(broker.heldBy('b')).toEqual([4]);
  });

  it('whatever is deleted and declared again in between, a queue has each event of which it is not said to have missed it', async () => {
    const lists = [['a', 'b'], ['a', 'b', 'c'], ['c'], ['b', 'c']];
    const faults = fc.array(fc.record({ at: fc.nat(40), queue: fc.constantFrom(...QUEUES), isBack: fc.boolean() }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...lists), { maxLength: 20 }), faults, async (volley, deletions) => {
        const broker = new ModelBroker(QUEUES);
        for (const queues of lists.filter(({ length }) => length > 1)) broker.group(queues);
        const lost = new Map<string, number[]>();
        broker.beforePublish = (publish) => {
          for (const { queue, isBack } of deletions.filter(({ at }) => at === publish)) {
            // What was in it is gone with it, and nobody's fault.
            lost.set(queue, [...(lost.get(queue) ?? []), ...broker.heldBy(queue)]);
            broker.deleteQueue(queue);
            if (isBack) broker.declareQueue(queue);
          }
        };
        const publisher = new FanOutPublisher(broker, broker, { publishes: 12, bytes: 1_000 });
        const failed = await Promise.all(
          volley.map((queues, number) => publisher.publish({ body: bodyOf(number) }, queues)),
        );
        volley.forEach((queues, number) => {
          const missed = failed[number]?.map(({ queue }) => queue) ?? [];
          for (const queue of queues.filter((name) => !missed.includes(name))) {
            expect([...broker.heldBy(queue), ...(lost.get(queue) ?? [])]).toContain(number);
          }
        });
      }),
    );
  });

  it('has no more under way than there is inFlight for, in the order of their coming, and lets an event alone that is larger', async () => {
    const broker = new ModelBroker(QUEUES);
    const publisher = new FanOutPublisher(broker, broker, { publishes: 6, bytes: 1_000 });
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(numbers.map((number) => publisher.publish({ body: bodyOf(number) }, QUEUES)));
    expect(broker.most).toBe(6);
    for (const queue of QUEUES) expect(broker.heldBy(queue)).toEqual(numbers);
    const many = Array.from({ length: 9 }, (_, index) => `q${index}`);
    for (const name of many) broker.declareQueue(name);
    expect(await publisher.publish({ body: bodyOf(20) }, many)).toEqual([]);
    expect(broker.most).toBe(9);
  });

  it('counts bytes as well', async () => {
    const broker = new ModelBroker(QUEUES);
    const publisher = new FanOutPublisher(broker, broker, { publishes: 1_000, bytes: 24 });
    await Promise.all([1, 2, 3, 4].map((number) => publisher.publish({ body: bodyOf(number) }, QUEUES)));
    expect(broker.most).toBe(6);
  });
});
