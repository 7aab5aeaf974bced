import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import {
  Broker,
  INTAKE_QUEUE,
  MANAGER_QUEUE,
  parkedQueueOf,
  pausedQueueOf,
  QueueContents,
  serviceQueueOf,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { FlowRecorder } from '../flow/flow-recorder';
import type { QueueLevel } from './topology';
import { Viewers } from './viewers';

/** With and without viewers. */
const INTERVAL_MS = 800;
const QUIET_INTERVAL_MS = 5_000;
/** A missing queue is inspected again only after this time: inspecting one costs the broker a channel. */
const MISSING_PAUSE_MS = 15_000;

/**
 * Knows the depths of the queues of the map, by polling the broker. Inspects the queues one after the other, so that
 * other requests to the broker are not delayed.
 */
@Injectable()
export class QueueLevels implements Lifecycle {
  private levels = new Map<string, QueueLevel>();
  private readonly missingSinceMs = new Map<string, number>();
  private readonly polling = new PeriodicTask((stopping) => this.poll(stopping), {
    intervalMs: () => (this.viewers.arePresent ? INTERVAL_MS : QUIET_INTERVAL_MS),
    onError: (error) => this.log.debug({ err: error }, 'could not inspect the queues'),
  });

  constructor(
    private readonly broker: Broker,
    private readonly contents: QueueContents,
    private readonly registry: SubscriptionRegistry,
    private readonly viewers: Viewers,
    private readonly flow: FlowRecorder,
    private readonly log: Log,
  ) {
    viewers.onArrival(() => this.polling.wake());
  }

  start(): Promise<void> {
    return this.polling.start();
  }

  stop(): Promise<void> {
    return this.polling.stop();
  }

  /** Undefined: the queue does not exist, or has not been inspected yet. */
  of(queue: string): QueueLevel | undefined {
    return this.levels.get(queue);
  }

  /** The queues from which the managers take events. */
  get intake(): QueueLevel | undefined {
    const queues = [INTAKE_QUEUE, MANAGER_QUEUE].flatMap((name) => this.of(name) ?? []);
    if (queues.length === 0) return undefined;
    return {
      messages: queues.reduce((sum, { messages }) => sum + messages, 0),
      events: queues.reduce((sum, { events }) => sum + events, 0),
      consumers: Math.min(...queues.map(({ consumers }) => consumers)),
    };
  }

  private async poll(stopping: AbortSignal): Promise<void> {
    const { map } = this.registry;
    const found = new Map<string, QueueLevel>();
    for (const name of queuesOf(map.routedSubscriberNames(), this.pausedQueues())) {
      if (stopping.aborted) return;
      const state = await this.inspect(name);
      if (state !== undefined) found.set(name, state);
    }
    this.levels = found;
    const nowMs = Date.now();
    for (const service of map.routedSubscriberNames()) {
      const state = found.get(serviceQueueOf(service));
      if (state !== undefined) this.flow.noteDepth(service, state.events, nowMs);
    }
  }

  private async inspect(name: string): Promise<QueueLevel | undefined> {
    const missingSinceMs = this.missingSinceMs.get(name);
    if (missingSinceMs !== undefined && Date.now() - missingSinceMs < MISSING_PAUSE_MS) return undefined;
    const state = await this.broker.topology.inspectQueue(name);
    if (state === undefined) this.missingSinceMs.set(name, Date.now());
    else this.missingSinceMs.delete(name);
    return state && { ...state, events: this.contents.eventsIn(name, state.messages) };
  }

  private pausedQueues(): string[] {
    const paused = this.registry.map.pausedSubscriptions();
    return paused.map(({ publisher, subscriber }) => pausedQueueOf(publisher, subscriber));
  }
}

function queuesOf(services: readonly string[], paused: readonly string[]): string[] {
  return [
    INTAKE_QUEUE,
    MANAGER_QUEUE,
    ...services.flatMap((service) => [serviceQueueOf(service), parkedQueueOf(service)]),
    ...paused,
  ];
}
