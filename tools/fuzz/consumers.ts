import { gatewayCodec, groupCodec, projectCodec, userProfileCodec } from '@dbem/entity-codec';
import { createApplier, HandlerTable } from '@dbem/replica';
import { RoutingService } from '@dbem/routing';
import { SILENT_LOG } from '@dbem/runtime';
import { InMemorySubscriptionRegistry } from '@dbem/subscription-registry';
import { type Delivery, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import type { Pool } from 'pg';
import { ForgedMessages } from '../../apps/event-manager/src/access/identity/forged-messages';
import { Identities } from '../../apps/event-manager/src/access/identity/identities';
import { EventForwarder } from '../../apps/event-manager/src/intake/event-forwarder';
import { Intake } from '../../apps/event-manager/src/intake/intake';
import type { IntakeObserver } from '../../apps/event-manager/src/intake/intake-observer.port';
import { MessageSizes } from '../../apps/event-manager/src/intake/message-sizes';
import { Replier } from '../../apps/event-manager/src/intake/replier';
import { ServiceQueues } from '../../apps/event-manager/src/intake/topology/service-queues';
import { SinkBroker } from './sink-broker';

/** The intake and the applier, on a broker that accepts everything and a database in which every event is stale. */
export class Consumers {
  private constructor(
    private readonly intakeBroker: SinkBroker,
    private readonly intake: Intake,
    private readonly applierBroker: SinkBroker,
  ) {}

  static async start(): Promise<Consumers> {
    const intakeBroker = new SinkBroker();
    const registry = new InMemorySubscriptionRegistry();
    await registry.start();
    await registry.put({ publisher: 'user.profile', subscriber: 'sharing' });
    const queues = new ServiceQueues(intakeBroker, registry, SILENT_LOG);
    const routing = new RoutingService({ queueOf: serviceQueueOf, pausedQueueOf });
    const forwarder = new EventForwarder(intakeBroker, registry, routing, queues, SILENT_LOG, new MessageSizes());
    const identities = new Identities({ mode: 'off', users: [], legacyServices: [] });
    const replier = new Replier(intakeBroker, identities);
    const intake = new Intake(
      intakeBroker,
      forwarder,
      replier,
      identities,
      new ForgedMessages(),
      UNOBSERVED,
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
    return new Consumers(intakeBroker, intake, applierBroker);
  }

  /** @returns why the intake or the applier did not handle the batch; undefined if they did. */
  async handle(batch: readonly Delivery[]): Promise<string | undefined> {
    const before = this.handledByIntake;
    try {
      await this.intake.handle(batch);
      const handled = this.handledByIntake - before;
      if (handled !== batch.length) return `the intake handled ${handled} of ${batch.length} deliveries`;
      await this.applierBroker.handler(batch);
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

  /** Each input requests a reply: the intake replies, or forwards it to the control queue. */
  private get handledByIntake(): number {
    return this.intakeBroker.counts.replied + this.intakeBroker.counts.control;
  }
}

const UNOBSERVED: IntakeObserver = {
  received() {},
  forwarded() {},
  acknowledged() {},
  parked() {},
  returned() {},
};

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
