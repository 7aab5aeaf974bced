import type { Lifecycle } from '@dbem/db-event';
import { PeriodicTask, pause } from '@dbem/runtime';
import { MapRollout } from '@dbem/subscription-registry';
import { type Consumption, INTAKE_QUEUE, MANAGER_QUEUE, QueueContents } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { CaughtUpConsumer } from '../forwarding/caught-up-consumer';
import { EventForwarder } from '../forwarding/event-forwarder';
import { ConsumerRegistrations } from '../topology/consumer-registrations';
import { Intake } from './intake';
import { IntakeConfig } from './intake.config';

/** Maximum number of events that are handled together. */
const MAX_BATCH = 500;

/** Bounds the events that are forwarded at a time: more of them cost more in garbage collections than they gain. */
const MAX_BATCHES_IN_FLIGHT = 32;

/** How often to look whether one queue holds up the others, ms. */
const RELIEF_INTERVAL_MS = 1_000;

/** How long events in flight may take when the intake stops, ms. Then they are left to another manager. */
const STOP_TIMEOUT_MS = 5_000;

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
  /** Of batches, and of legacy publishers' single messages. */
  private consumptions: readonly Consumption[] = [];
  private consumptionCount = 0;
  private isStopped = false;
  private readonly relieving = new PeriodicTask(() => this.relieve(), { intervalMs: RELIEF_INTERVAL_MS });
  private ending: Promise<void> = Promise.resolve();

  constructor(
    private readonly consumer: CaughtUpConsumer,
    private readonly rollout: MapRollout,
    private readonly intake: Intake,
    private readonly forwarder: EventForwarder,
    private readonly contents: QueueContents,
    registrations: ConsumerRegistrations,
    { INTAKE_PREFETCH }: IntakeConfig,
  ) {
    this.prefetch = INTAKE_PREFETCH;
    registrations.add(() => this.isRegistered);
    rollout.setRegistration(() => this.registration);
    rollout.onChange(() => this.update());
  }

  /** Consumes as soon as, and for as long as, the map is current. */
  async start(): Promise<void> {
    await this.relieving.start();
    await this.forwarder.start();
    this.update();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    void this.relieving.stop();
    this.end();
    const ended = new AbortController();
    void this.ending.then(() => ended.abort());
    await pause(STOP_TIMEOUT_MS, ended.signal);
    await this.forwarder.stop();
    await this.ending;
  }

  private get isRegistered(): boolean {
    return this.consumptions.length > 0 && this.consumptions.every(({ isRegistered }) => isRegistered);
  }

  /** The current consumer registrations, uniquely within this process; undefined until all are registered. */
  private get registration(): string | undefined {
    const registrations = this.consumptions.map(({ registration }) => registration);
    if (registrations.length === 0 || registrations.includes(undefined)) return undefined;
    return [this.consumptionCount, ...registrations].join('.');
  }

  private relieve(): void {
    const isFull = this.intake.callsInFlight >= MAX_BATCHES_IN_FLIGHT;
    if (isFull || this.intake.holdsUpOrder) this.forwarder.relieve();
  }

  private update(): void {
    if (this.isStopped || !this.rollout.isCurrent) {
      this.end();
      return;
    }
    if (this.consumptions.length > 0) return;
    this.consumptionCount += 1;
    this.consumptions = [
      this.consumer.consume(INTAKE_QUEUE, this.intake.handleElements, {
        prefetch: this.prefetch,
        maxBatch: MAX_BATCH,
        maxBatchesInFlight: MAX_BATCHES_IN_FLIGHT,
        batches: {
          alone: (element) => this.intake.returnedAlone(element),
          onReceived: (events, bytes) => this.contents.note(INTAKE_QUEUE, events, bytes),
        },
      }),
      this.consumer.consumeInOrder(MANAGER_QUEUE, this.intake.handleMessages, { maxBatch: this.prefetch }),
    ];
  }

  private end(): void {
    const { consumptions } = this;
    if (consumptions.length === 0) return;
    this.consumptions = [];
    this.ending = Promise.all([this.ending, ...consumptions.map((consumption) => consumption.stop())]).then(() => {});
  }
}
