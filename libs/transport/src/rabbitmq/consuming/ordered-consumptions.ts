import type { Log } from '@dbem/runtime';
import type { Consumption } from '../../broker.port';
import { AnsweredClock } from '../publishing/answered-clock';
import type { SupervisedConnection } from '../supervised-connection';
import { OrderedConsumption, type OrderedConsumptionOptions } from './ordered-consumption';

/** The ordered consumers of a process, over a connection of their own. */
export class OrderedConsumptions {
  private readonly consumptions = new Set<OrderedConsumption>();
  private readonly clock: AnsweredClock;

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
  ) {
    this.clock = new AnsweredClock(connection, log, {
      isNeeded: () => [...this.consumptions].some(({ isPublishing }) => isPublishing),
      onTick: () => {
        for (const consumption of this.consumptions) consumption.check();
      },
    });
  }

  start(): void {
    this.connection.start();
  }

  add(options: Omit<OrderedConsumptionOptions, 'clock' | 'log' | 'onStopped'>): Consumption {
    const consumption: OrderedConsumption = new OrderedConsumption(this.connection, {
      ...options,
      clock: this.clock,
      log: this.log,
      onStopped: () => this.consumptions.delete(consumption),
    });
    this.consumptions.add(consumption);
    return consumption;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.consumptions].map((consumption) => consumption.stop()));
    await this.clock.stop();
    await this.connection.stop();
  }
}
