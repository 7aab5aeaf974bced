import { gatewayCodec, groupCodec, projectCodec, userProfileCodec } from '@dbem/entity-codec';
import { createApplier, HandlerTable } from '@dbem/replica';
import { RoutingService } from '@dbem/routing';
import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry } from '@dbem/subscription-registry';
import {
  BATCH_VERSION,
  type Delivery,
  MANAGER_QUEUE,
  type OrderedChannel,
  QueueContents,
  serviceQueueOf,
} from '@dbem/transport';
import type { Pool } from 'pg';
import { ForgedMessages } from '../../apps/event-manager/src/access/identity/forged-messages';
import { Identities } from '../../apps/event-manager/src/access/identity/identities';
import type { CaughtUpConsumer } from '../../apps/event-manager/src/forwarding/caught-up-consumer';
import { EventForwarder } from '../../apps/event-manager/src/forwarding/event-forwarder';
import { MissingQueues } from '../../apps/event-manager/src/forwarding/missing-queues';
import { WaitingDirectory } from '../../apps/event-manager/src/forwarding/waiting-directory';
import { ArrivalCounter } from '../../apps/event-manager/src/intake/arrival-counter';
import { Intake } from '../../apps/event-manager/src/intake/intake';
import { IntakeObserver } from '../../apps/event-manager/src/intake/intake-observer.port';
import { Replier } from '../../apps/event-manager/src/intake/replier';
import { ServiceQueues } from '../../apps/event-manager/src/topology/service-queues';
import { standIn } from '../../test/support/doubles/stand-in';
import { SinkBroker } from './sink-broker';

const STAYS_OPEN = new AbortController().signal;

const CHANNEL: OrderedChannel = {
  ended: STAYS_OPEN,
  affirm: async () => {},
  publish: () => Promise.reject(new Error('not expected: publish')),
};

/** The intake and the applier, on a broker that accepts everything and a database in which every event is stale. */
export class Consumers {
  private constructor(
    private readonly intakeBroker: SinkBroker,
    private readonly intake: Intake,
    private readonly observer: CountingObserver,
    private readonly applierBroker: SinkBroker,
  ) {}

  static async start(): Promise<Consumers> {
    const intakeBroker = new SinkBroker();
    await intakeBroker.topology.declareQueue({ name: MANAGER_QUEUE, kind: 'quorum' });
    const registry = new InMemorySubscriptionRegistry();
    await registry.start();
    await registry.put({ publisher: 'user.profile', subscriber: 'sharing', messageFormat: BATCH_VERSION });
    const queues = new ServiceQueues(intakeBroker, registry, SILENT_LOG);
    const routing = new RoutingService({ queueOf: serviceQueueOf });
    const forwarder = new EventForwarder(
      intakeBroker,
      registry,
      routing,
      new MissingQueues(registry, queues, SILENT_LOG),
      standIn<CaughtUpConsumer>({}),
      new WaitingDirectory(intakeBroker, SILENT_LOG),
      new QueueContents(),
      SILENT_LOG,
    );
    const observer = new CountingObserver();
    const identities = new Identities({ mode: 'off', users: [], legacyServices: [] });
    const replier = new Replier(intakeBroker, identities);
    const intake = new Intake(
      intakeBroker,
      forwarder,
      replier,
      identities,
      new ForgedMessages(),
      observer,
      new ArrivalCounter(intakeBroker, registry, SILENT_LOG),
      SILENT_LOG,
    );
    const applierBroker = new SinkBroker();
    const handlers = [
      { publisher: 'user.profile', codec: userProfileCodec },
      { publisher: 'user.profile', codec: gatewayCodec },
      { publisher: 'sharing', codec: groupCodec },
      { publisher: 'registry', codec: projectCodec },
    ].map((handler) => ({ ...handler, upsert: async () => {}, remove: async () => {} }) as never);
    const applier = createApplier(applierBroker, ALL_STALE, new HandlerTable(handlers), { service: 'fuzzed' });
    await applier.start();
    return new Consumers(intakeBroker, intake, observer, applierBroker);
  }

  /** @returns why the intake or the applier did not handle single messages; undefined if they did. */
  handleMessages(messages: readonly Delivery[]): Promise<string | undefined> {
    return this.handle(messages, async () => {
      await this.intake.handleMessages(messages, CHANNEL);
    });
  }

  /** @returns why the intake or the applier did not handle the elements of a batch; undefined if they did. */
  handleElements(elements: readonly Delivery[]): Promise<string | undefined> {
    return this.handle(elements, () => this.intake.handleElements(elements, STAYS_OPEN));
  }

  private async handle(deliveries: readonly Delivery[], intake: () => Promise<void>) {
    const before = this.handledByIntake;
    try {
      await intake();
      const handled = this.handledByIntake - before;
      if (handled !== deliveries.length) return `the intake handled ${handled} of ${deliveries.length} deliveries`;
      await this.applierBroker.handler(deliveries, STAYS_OPEN);
      return undefined;
    } catch (error) {
      return (error as Error).stack ?? String(error);
    }
  }

  get parkedByReason(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [consumer, { codes }] of [
      ['intake', this.intakeBroker],
      ['applier', this.applierBroker],
    ] as const) {
      for (const [code, count] of codes) counts[`${consumer} ${code}`] = count;
    }
    return counts;
  }

  private get handledByIntake(): number {
    return this.observer.count + this.intakeBroker.counts.control;
  }
}

/** Counts what the intake has forwarded or parked. */
class CountingObserver extends IntakeObserver {
  count = 0;

  forwarded(): void {
    this.count += 1;
  }

  parked(): void {
    this.count += 1;
  }

  received(): void {}
  acknowledged(): void {}
  returned(): void {}
}

const ALL_STALE = {
  connect: async () => ({
    on() {},
    off() {},
    release() {},
    query: async (statement: string | { text: string }) => {
      const sql = typeof statement === 'string' ? statement : statement.text;
      return { rows: [], command: sql.trim().split(' ')[0] };
    },
  }),
} as unknown as Pool;
