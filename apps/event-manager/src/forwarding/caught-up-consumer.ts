import { pause } from '@dbem/runtime';
import { MapRollout } from '@dbem/subscription-registry';
import {
  type BatchHandler,
  Broker,
  type ConsumeOptions,
  type Consumption,
  type OrderedChannel,
  type OrderedHandler,
  type OrderedOptions,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';

/** How often to look whether the map is current again, ms. */
const CHECK_INTERVAL_MS = 100;

export interface CaughtUpOptions extends ConsumeOptions {
  readonly waits?: boolean;
}

/** Consumes queues whose events are routed by the map. */
@Injectable()
export class CaughtUpConsumer {
  constructor(
    private readonly broker: Broker,
    private readonly rollout: MapRollout,
  ) {}

  /**
   * Before the first events of each registration this manager receives all changes of the map that were published
   * before. While the map may be out of date, events return to the queue, or stay in hand if `waits`.
   */
  consume(queue: string, handler: BatchHandler, { waits, ...options }: CaughtUpOptions): Consumption {
    let caughtUp: { readonly registration: number; readonly done: Promise<void> } | undefined;
    const handleCaughtUp: BatchHandler = async (deliveries, ended) => {
      while (waits && !this.rollout.isCurrent && !ended.aborted) await pause(CHECK_INTERVAL_MS, ended);
      const { registration } = consumption;
      // Without a registration the broker redelivers these messages to another consumer.
      if (registration !== undefined && caughtUp?.registration !== registration) {
        const done = this.rollout.catchUp();
        caughtUp = { registration, done };
        done.catch(() => {
          if (caughtUp?.done === done) caughtUp = undefined;
        });
      }
      await caughtUp?.done;
      await handler(deliveries, ended);
    };
    const consumption = this.broker.consume(queue, handleCaughtUp, options);
    return consumption;
  }

  /** As `consume` with `waits`, one delivery after the other: see `Broker.consumeInOrder`. */
  consumeInOrder(queue: string, handler: OrderedHandler, options: OrderedOptions): Consumption {
    const caughtUp = new WeakMap<OrderedChannel, Promise<void>>();
    return this.broker.consumeInOrder(
      queue,
      async (deliveries, channel) => {
        while (!this.rollout.isCurrent && !channel.ended.aborted) await pause(CHECK_INTERVAL_MS, channel.ended);
        const done = caughtUp.get(channel) ?? this.rollout.catchUp();
        caughtUp.set(channel, done);
        await done;
        return handler(deliveries, channel);
      },
      options,
    );
  }
}
