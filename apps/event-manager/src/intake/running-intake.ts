import { Tail } from '@dbem/observation';
import { Router } from '@dbem/routing';
import { Log } from '@dbem/runtime';
import { MapAgreement, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, CONTROL_QUEUE, type Consumption, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Forgeries } from '../access/identity/forgeries';
import { Identities } from '../access/identity/identities';
import { AuditTrail } from '../audit/audit-trail';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { LapseKeeper } from '../subscriptions/expiry/lapse-keeper';
import { MessageSizes } from '../subscriptions/expiry/message-sizes';
import { SubscriptionService } from '../subscriptions/subscription.service';
import { SubscriptionIntake } from '../subscriptions/subscription-intake';
import { EventForwarder } from './event-forwarder';
import { EventIntake } from './event-intake';
import { Intake } from './intake';
import { metricsOf } from './manager-metrics';
import { Replier } from './replier';
import { ServiceQueues } from './topology/service-queues';
import { TopologyKeeper } from './topology/topology-keeper';
import { watchedBy } from './watched-by';

const REQUESTS_IN_FLIGHT = 8;

/**
 * This manager's work, from start to stop. Nothing is consumed before the subscription map has been read: an event routed by
 * an empty map would be lost to its subscribers.
 */
@Injectable()
export class RunningIntake implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly events: EventIntake;
  private readonly subscriptionIntake: SubscriptionIntake;
  private readonly topologyKeeper: TopologyKeeper;
  private readonly lapseKeeper: LapseKeeper;
  private requests: Consumption | undefined;
  private isStopping = false;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly agreement: MapAgreement,
    subscriptions: SubscriptionService,
    identities: Identities,
    forgeries: Forgeries,
    trail: AuditTrail,
    tail: Tail,
    log: Log,
    @Inject(EVENT_MANAGER_CONFIG) config: EventManagerConfig,
    metrics: Registry,
  ) {
    const sizes = new MessageSizes();
    const serviceQueues = new ServiceQueues(broker, registry, log);
    const replier = new Replier(broker, identities);
    const router = new Router(serviceQueueOf, pausedQueueOf);
    const forwarder = new EventForwarder(broker, registry, router, serviceQueues, log, sizes);
    const observer = watchedBy(tail, metricsOf(metrics, broker, registry, log));
    const intake = new Intake(broker, forwarder, replier, identities, forgeries, observer, log);
    this.events = new EventIntake(broker, agreement, intake, config.INTAKE_PREFETCH);
    this.subscriptionIntake = new SubscriptionIntake(broker, subscriptions, replier, trail, log);
    this.lapseKeeper = new LapseKeeper(broker, registry, {
      limit: { maxMessages: config.BACKLOG_MAX_MESSAGES, maxBytes: config.BACKLOG_MAX_BYTES },
      sizes,
      agree: (publisher) => agreement.agree(publisher),
      log,
    });
    this.topologyKeeper = new TopologyKeeper(broker, registry, serviceQueues, () => this.isAttached, log);
  }

  /** Events and requests for subscriptions are being consumed. */
  get isAttached(): boolean {
    return this.events.isAttached && (this.requests?.isAttached ?? false);
  }

  /** Other managers may have changed the map unheard: no events are consumed until it has been read again. */
  get isHeld(): boolean {
    return !this.agreement.isCurrent;
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.topologyKeeper.start();
    await this.agreement.start();
    await this.lapseKeeper.start();
    void this.registry.loaded().then(() => this.consume());
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.events.stop(), this.requests?.stop(), this.lapseKeeper.stop()]);
    await Promise.all([this.agreement.stop(), this.topologyKeeper.stop()]);
  }

  private consume(): void {
    if (this.isStopping) return;
    this.events.start();
    this.requests = this.broker.consume(CONTROL_QUEUE, this.subscriptionIntake.handle, {
      prefetch: REQUESTS_IN_FLIGHT,
      maxBatch: 1,
      maxBatchesInFlight: REQUESTS_IN_FLIGHT,
    });
  }
}
