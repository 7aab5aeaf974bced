import { type Log, PeriodicTask } from '@dbem/runtime';
import type { Channel } from 'amqplib';
import { SupervisedChannel } from '../supervised-channel';
import type { SupervisedConnection } from '../supervised-connection';

/** Resolution. */
const TICK_MS = 500;

export interface AnsweredClockOptions {
  /** Nothing is asked, and the clock stands still, while this returns false. */
  readonly isNeeded: () => boolean;
  /** Called after each tick. */
  readonly onTick: () => void;
}

/**
 * Measures the time during which the broker answers on a connection. It stands still while the broker is silent or
 * blocks publishers, while there is no connection, and while this process stands still. So a deadline by this clock
 * only passes if something else answered meanwhile.
 *
 * It counts the ticks in which the broker answered a question on a channel of its own. The question is `basic.qos`,
 * because it needs no permission.
 */
export class AnsweredClock {
  private elapsedMs = 0;
  private question: 'none' | 'open' | 'answered' = 'none';
  private readonly channel: SupervisedChannel<Channel>;
  private readonly ticking: PeriodicTask;

  constructor(
    connection: SupervisedConnection,
    log: Log,
    private readonly options: AnsweredClockOptions,
  ) {
    this.channel = new SupervisedChannel(
      connection,
      {
        open: (model) => model.createChannel(),
        setUp: async () => {},
        onLost: () => {
          this.question = 'none';
        },
      },
      log,
    );
    this.ticking = PeriodicTask.every(TICK_MS, () => this.tick());
  }

  /** ms, from an arbitrary start. */
  get nowMs(): number {
    return this.elapsedMs;
  }

  async stop(): Promise<void> {
    void this.ticking.stop();
    await this.channel.stop();
  }

  private tick(): void {
    if (this.question === 'answered') {
      this.elapsedMs += TICK_MS;
      this.question = 'none';
    }
    if (this.question === 'none' && this.options.isNeeded()) this.ask();
    this.options.onTick();
  }

  private ask(): void {
    const channel = this.channel.ready;
    if (channel === undefined) return;
    this.question = 'open';
    const answered = () => {
      if (this.channel.ready === channel) this.question = 'answered';
    };
    // A rejection means that the channel is lost, which `onLost` reports.
    channel.prefetch(1).then(answered, () => {});
  }
}
