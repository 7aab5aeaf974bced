import type { Lifecycle } from '@dbem/db-event';
import { MapRollout } from '@dbem/subscription-registry';
import { Broker, type Consumption, type Delivery, MANAGER_QUEUE } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Intake } from './intake';
import { IntakeConfig } from './intake.config';
import { ConsumerRegistrations } from './topology/consumer-registrations';

const BATCHES_IN_FLIGHT = 4;

/**
 * Consumes events, but only while this manager's map is current, and hands none on before it has heard all that other
 * managers said up to the moment of its attachment. So a manager that was detached for a moment does not route by the map of
 * before.
 *
 *   held (the map may be stale) <-> consuming; any -stop-> stopped
 */
@Injectable()
export class EventIntake implements Lifecycle {
  private readonly prefetch: number;
  private consumption: Consumption | undefined;
  private consumptions = 0;
  private caughtUp: { readonly attachment: string; readonly done: Promise<void> } | undefined;
  private isStopped = false;
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly broker: Broker,
    private readonly rollout: MapRollout,
    private readonly intake: Intake,
    attachments: ConsumerRegistrations,
    { INTAKE_PREFETCH }: IntakeConfig,
  ) {
    this.prefetch = INTAKE_PREFETCH;
    attachments.add(() => this.consumption?.isRegistered ?? false);
    rollout.answerFor(() => this.attachment);
    rollout.onChange(() => this.follow());
  }

  /** Begins to consume as soon as, and for as long as, the map is current. */
  async start(): Promise<void> {
    this.follow();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.end();
    await this.ending;
  }

  /** Names the present attachment, among all of this manager's. */
  private get attachment(): string | undefined {
    const attachment = this.consumption?.registration;
    return attachment === undefined ? undefined : `${this.consumptions}.${attachment}`;
  }

  private follow(): void {
    if (this.isStopped || !this.rollout.isCurrent) {
      this.end();
      return;
    }
    if (this.consumption !== undefined) return;
    this.consumptions += 1;
    this.consumption = this.broker.consume(MANAGER_QUEUE, (deliveries) => this.handle(deliveries), {
      prefetch: this.prefetch,
      maxBatch: Math.ceil(this.prefetch / BATCHES_IN_FLIGHT),
      maxBatchesInFlight: BATCHES_IN_FLIGHT,
    });
  }

  private end(): void {
    const { consumption } = this;
    if (consumption === undefined) return;
    this.consumption = undefined;
    this.ending = Promise.all([this.ending, consumption.stop()]).then(() => {});
  }

  private async handle(deliveries: readonly Delivery[]): Promise<void> {
    await this.catchUp();
    await this.intake.handle(deliveries);
  }

  /** Once an attachment. */
  private catchUp(): Promise<void> {
    const { attachment } = this;
    // Detached by now: these deliveries come again to whoever consumes then.
    if (attachment === undefined) return Promise.resolve();
    if (this.caughtUp?.attachment !== attachment) {
      const done = this.rollout.catchUp();
      this.caughtUp = { attachment, done };
      done.catch(() => {
        if (this.caughtUp?.done === done) this.caughtUp = undefined;
      });
    }
    return this.caughtUp.done;
  }
}
