import type { Lifecycle } from '@dbem/db-event';
import { MapRollout } from '@dbem/subscription-registry';
import { Broker, type Consumption, type Delivery, MANAGER_QUEUE } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Intake } from './intake';
import { IntakeConfig } from './intake.config';
import { ConsumerRegistrations } from './topology/consumer-registrations';

const BATCHES_IN_FLIGHT = 4;

/**
 * Consumes events only while this manager's map is current, and forwards none before it has received all changes that
 * other managers published before its consumer registered. So a manager that was disconnected briefly does not route
 * by an old map.
 *
 *   suspended (the map may be out of date) <-> consuming; any -stop-> stopped
 */
@Injectable()
export class EventIntake implements Lifecycle {
  private readonly prefetch: number;
  private consumption: Consumption | undefined;
  private consumptionCount = 0;
  private caughtUp: { readonly registration: string; readonly done: Promise<void> } | undefined;
  private isStopped = false;
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly broker: Broker,
    private readonly rollout: MapRollout,
    private readonly intake: Intake,
    registrations: ConsumerRegistrations,
    { INTAKE_PREFETCH }: IntakeConfig,
  ) {
    this.prefetch = INTAKE_PREFETCH;
    registrations.add(() => this.consumption?.isRegistered ?? false);
    rollout.setRegistration(() => this.registration);
    rollout.onChange(() => this.update());
  }

  /** Consumes as soon as, and for as long as, the map is current. */
  async start(): Promise<void> {
    this.update();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.end();
    await this.ending;
  }

  /** Identifies the current consumer registration, uniquely within this process. */
  private get registration(): string | undefined {
    const registration = this.consumption?.registration;
    return registration === undefined ? undefined : `${this.consumptionCount}.${registration}`;
  }

  private update(): void {
    if (this.isStopped || !this.rollout.isCurrent) {
      this.end();
      return;
    }
    if (this.consumption !== undefined) return;
    this.consumptionCount += 1;
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

  /** Runs once per consumer registration. */
  private catchUp(): Promise<void> {
    const { registration } = this;
    // The consumer is no longer registered, so the broker redelivers these messages to another one.
    if (registration === undefined) return Promise.resolve();
    if (this.caughtUp?.registration !== registration) {
      const done = this.rollout.catchUp();
      this.caughtUp = { registration, done };
      done.catch(() => {
        if (this.caughtUp?.done === done) this.caughtUp = undefined;
      });
    }
    return this.caughtUp.done;
  }
}
