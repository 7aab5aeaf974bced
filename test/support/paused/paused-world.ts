import type { Lifecycle, Subscription } from '@dbem/db-event';
import { InMemoryRunStore } from '@dbem/reconcile';
import { RoutingService } from '@dbem/routing';
import { SILENT_LOG } from '@dbem/runtime';
import {
  InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
  SubscriptionMapEditor,
} from '@dbem/subscription-registry';
import {
  declareManagerTopology,
  declareServiceTopology,
  pausedQueueOf,
  QueueContents,
  RabbitMqBroker,
  RequestClient,
  serviceQueueOf,
} from '@dbem/transport';
import { ReconcileService } from '../../../apps/event-manager/src/reconcile/reconcile.service';
import { ReconcileRunner } from '../../../apps/event-manager/src/reconcile/reconcile-runner';
import { ExpiryConfig } from '../../../apps/event-manager/src/subscriptions/expiry/expiry.config';
import { ExpiryMonitor } from '../../../apps/event-manager/src/subscriptions/expiry/expiry-monitor';
import {
  OrphanedMessages,
  type OrphanedMessagesOptions,
} from '../../../apps/event-manager/src/subscriptions/pause/orphaned-messages';
import {
  PausedQueues,
  type PausedQueuesOptions,
} from '../../../apps/event-manager/src/subscriptions/pause/paused-queues';
import { SubscriptionDeliveries } from '../../../apps/event-manager/src/subscriptions/subscription-deliveries';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { waitFor } from '../waiting/wait-for';

export const PUBLISHER = 'registry';

/** The parts of one event manager. */
export interface Manager {
  readonly broker: RabbitMqBroker;
  readonly registry: InMemorySubscriptionRegistry;
  readonly map: SubscriptionMapEditor;
}

/**
 * One service that subscribes to one publisher, and the parts of event managers that pause and resume its subscription.
 * Call `begin` before and `end` after each test; each test gets its own service, map and managers.
 */
export class PausedWorld {
  service = '';
  /** The numbers of the events that the service received, in order. */
  received: number[] = [];
  /** The number of forwarded events; they are numbered from 1. */
  forwarded = 0;
  runs = new InMemoryRunStore();
  private tests = 0;
  private store = new InMemorySubscriptionStore();
  private managers: Manager[] = [];
  private running: Lifecycle[] = [];
  private readonly routing = new RoutingService({ queueOf: serviceQueueOf, pausedQueueOf });

  private constructor(private readonly vhost: FreshVhost) {}

  static async start(): Promise<PausedWorld> {
    return new PausedWorld(await freshVhost());
  }

  async begin(): Promise<void> {
    this.tests += 1;
    this.service = `sharing.${this.tests}`;
    this.received = [];
    this.forwarded = 0;
    this.runs = new InMemoryRunStore();
    this.store = new InMemorySubscriptionStore();
    const { broker, registry } = await this.startManager();
    if (this.tests === 1) await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, this.service, 'quorum');
    await registry.put({ publisher: PUBLISHER, subscriber: this.service });
  }

  async end(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.stop()));
    await Promise.all(this.managers.splice(0).map(({ broker }) => broker.stop()));
  }

  stop(): Promise<void> {
    return this.vhost.drop();
  }

  /** The first manager. */
  get manager(): Manager {
    const [first] = this.managers;
    if (first === undefined) throw new Error('No test has begun');
    return first;
  }

  async startManager(): Promise<Manager> {
    const broker = new RabbitMqBroker({ url: this.vhost.amqpUrl });
    const registry = new InMemorySubscriptionRegistry(this.store);
    await broker.start();
    await registry.start();
    await waitFor(() => broker.health().isConnected);
    // Registries on one in-memory store need no rollout.
    const manager = { broker, registry, map: new SubscriptionMapEditor(registry, { rollOut: async () => {} }) };
    this.managers.push(manager);
    return manager;
  }

  /** Moves the events of subscriptions that are being resumed. */
  async startPausedQueues(options: PausedQueuesOptions = {}, { broker, map } = this.manager): Promise<void> {
    const queues = new PausedQueues(broker, map, SILENT_LOG, { checkIntervalMs: 50, quietMs: 200, ...options });
    this.running.push(queues);
    await queues.start();
  }

  /** Starts the monitor that moves orphaned messages of active subscriptions. */
  async startOrphanedMessages(options: OrphanedMessagesOptions = {}): Promise<OrphanedMessages> {
    const { broker, map } = this.manager;
    const orphanedMessages = new OrphanedMessages(broker, map, SILENT_LOG, options);
    this.running.push(orphanedMessages);
    await orphanedMessages.start();
    return orphanedMessages;
  }

  /** Starts the monitor that expires subscriptions with more than `maxMessages` messages in their queue. */
  async startExpiryMonitor(maxMessages: number): Promise<void> {
    const { broker, registry } = this.manager;
    const limit = new ExpiryConfig({ BACKLOG_MAX_EVENTS: maxMessages, BACKLOG_MAX_BYTES: 1e9 });
    const rollout = { rollOut: async () => {} };
    const sizes = new QueueContents();
    const monitor = new ExpiryMonitor(broker, registry, rollout, sizes, limit, SILENT_LOG, { checkIntervalMs: 100 });
    this.running.push(monitor);
    await monitor.start();
  }

  pause(): Promise<Subscription> {
    return this.deliveries.pause(PUBLISHER, this.service);
  }

  resume(): Promise<Subscription> {
    return this.deliveries.resume(PUBLISHER, this.service);
  }

  get subscription(): Subscription | undefined {
    return this.manager.registry.map.get(PUBLISHER, this.service);
  }

  get pausedQueue(): string {
    return pausedQueueOf(PUBLISHER, this.service);
  }

  get serviceQueue(): string {
    return serviceQueueOf(this.service);
  }

  route(publisher: string) {
    return this.routing.route({ publisher, entityType: 'PROJECT' }, this.manager.registry.map);
  }

  /** Forwards events of the publisher, as a manager does. */
  async forward(count: number): Promise<void> {
    const { destinations } = this.route(PUBLISHER);
    const from = this.forwarded + 1;
    this.forwarded += count;
    await Promise.all(
      Array.from({ length: count }, (_, index) => this.publish(destinations[0]?.queue ?? '', from + index)),
    );
  }

  publish(queue: string, number: number): Promise<void> {
    return this.manager.broker.publish({ exchange: '', routingKey: queue, body: Buffer.from(String(number)) });
  }

  /** Consumes the service's queue, as the service does. */
  consume(): void {
    const { received } = this;
    this.manager.broker.consume(this.serviceQueue, async (batch) => {
      for (const { body } of batch) received.push(Number(body.toString()));
    });
  }

  /** The received numbers without duplicates, in the order of first receipt. */
  get receivedOnce(): number[] {
    return [...new Set(this.received)];
  }

  /** Undefined if the queue does not exist. */
  async messagesIn(queue: string): Promise<number | undefined> {
    return (await this.manager.broker.topology.inspectQueue(queue))?.messages;
  }

  private get deliveries(): SubscriptionDeliveries {
    const { broker, registry, map } = this.manager;
    const runner = new ReconcileRunner(this.runs, broker, new QueueContents(), new RequestClient(broker), SILENT_LOG);
    return new SubscriptionDeliveries(map, broker, new ReconcileService(this.runs, runner, registry));
  }
}
