import { DbEventError, isPaused, type Lifecycle, type Subscription } from '@dbem/db-event';
import { decodeMessage, encodeEvent, projectCodec } from '@dbem/entity-codec';
import { InMemoryRunStore } from '@dbem/reconcile';
import { RoutingService } from '@dbem/routing';
import { SILENT_LOG } from '@dbem/runtime';
import {
  InMemorySubscriptionRegistry,
  InMemorySubscriptionStore,
  type MapRollout,
  SubscriptionMapEditor,
} from '@dbem/subscription-registry';
import {
  ARRIVAL_HEADER,
  arrivalText,
  declareManagerTopology,
  declareServiceTopology,
  encodeElement,
  pausedQueueOf,
  QueueContents,
  RabbitMqBroker,
  RequestClient,
  serviceQueueOf,
} from '@dbem/transport';
import { CaughtUpConsumer } from '../../../apps/event-manager/src/forwarding/caught-up-consumer';
import { EventForwarder } from '../../../apps/event-manager/src/forwarding/event-forwarder';
import { MissingQueues } from '../../../apps/event-manager/src/forwarding/missing-queues';
import { WaitingDirectory } from '../../../apps/event-manager/src/forwarding/waiting-directory';
import { ReconcileService } from '../../../apps/event-manager/src/reconcile/reconcile.service';
import { ReconcileRunner } from '../../../apps/event-manager/src/reconcile/reconcile-runner';
import { ExpiryConfig } from '../../../apps/event-manager/src/subscriptions/expiry/expiry.config';
import { ExpiryMonitor } from '../../../apps/event-manager/src/subscriptions/expiry/expiry-monitor';
import { SubscriptionDeliveries } from '../../../apps/event-manager/src/subscriptions/subscription-deliveries';
import { ServiceQueues } from '../../../apps/event-manager/src/topology/service-queues';
import { standIn } from '../doubles/stand-in';
import { type FreshVhost, freshVhost } from '../servers/fresh-vhost';
import { waitFor } from '../waiting/wait-for';

export const PUBLISHER = 'registry';

/** The parts of one event manager. */
export interface Manager {
  readonly broker: RabbitMqBroker;
  readonly registry: InMemorySubscriptionRegistry;
  readonly map: SubscriptionMapEditor;
  readonly forwarder: EventForwarder;
  readonly contents: QueueContents;
}

export interface ForwardOptions {
  /** Default: the first. */
  readonly manager?: Manager;
  readonly publisher?: string;
  readonly term?: number | undefined;
}

/**
 * One service that subscribes to one publisher, and the parts of event managers that forward its events and pause its
 * subscription. Call `begin` before and `end` after each test; each test gets its own service, map and managers.
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

  private constructor(private readonly vhost: FreshVhost) {}

  static async start(): Promise<PausedWorld> {
    return new PausedWorld(await freshVhost());
  }

  /** @param messageFormat undefined: the service is a legacy one. */
  async begin(messageFormat?: number): Promise<void> {
    this.tests += 1;
    this.service = `sharing.${this.tests}`;
    this.received = [];
    this.forwarded = 0;
    this.runs = new InMemoryRunStore();
    this.store = new InMemorySubscriptionStore();
    const { broker, registry } = await this.startManager();
    await declareServiceTopology(broker.topology, this.service, 'quorum');
    await registry.put({ publisher: PUBLISHER, subscriber: this.service, messageFormat });
  }

  async end(): Promise<void> {
    await Promise.all(this.running.splice(0).map((one) => one.stop()));
    await Promise.all(this.managers.splice(0).map((manager) => this.stopManager(manager)));
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
    await declareManagerTopology(broker.topology);
    // Registries on one in-memory store need no rollout.
    const map = new SubscriptionMapEditor(registry, { rollOut: async () => {} });
    const rollout = standIn<MapRollout>({ isCurrent: true, catchUp: async () => {} });
    const contents = new QueueContents();
    const forwarder = new EventForwarder(
      broker,
      registry,
      new RoutingService({ queueOf: serviceQueueOf }),
      new MissingQueues(registry, new ServiceQueues(broker, registry, SILENT_LOG), SILENT_LOG),
      new CaughtUpConsumer(broker, rollout),
      new WaitingDirectory(broker, SILENT_LOG),
      contents,
      SILENT_LOG,
    );
    await forwarder.start();
    const manager = { broker, registry, map, forwarder, contents };
    this.managers.push(manager);
    return manager;
  }

  /** Stops a manager in good order. Until `end`, it stays the first manager if it was. */
  async stopManager({ forwarder, registry, broker }: Manager): Promise<void> {
    await forwarder.stop();
    await registry.stop();
    await broker.stop();
  }

  /** Starts the monitor that expires subscriptions with more than `maxMessages` messages in their queue. */
  async startExpiryMonitor(maxMessages: number): Promise<void> {
    const { broker, registry, contents, forwarder } = this.manager;
    const limit = new ExpiryConfig({ BACKLOG_MAX_EVENTS: maxMessages, BACKLOG_MAX_BYTES: 1e9 });
    const rollout = { rollOut: async () => {} };
    const monitor = new ExpiryMonitor(broker, registry, rollout, contents, forwarder, limit, SILENT_LOG, {
      checkIntervalMs: 100,
    });
    this.running.push(monitor);
    await monitor.start();
  }

  pause(by = 'ada'): Promise<Subscription> {
    return this.deliveries.pause(PUBLISHER, this.service, by);
  }

  resume(by = 'ada'): Promise<Subscription> {
    return this.deliveries.resume(PUBLISHER, this.service, by);
  }

  get subscription(): Subscription | undefined {
    return this.manager.registry.map.get(PUBLISHER, this.service);
  }

  /** Whether it is not paused, and a manager can't exclude that events still wait. */
  isDraining({ forwarder } = this.manager): boolean {
    return forwarder.isDraining(PUBLISHER, this.service);
  }

  get isPaused(): boolean {
    return this.subscription !== undefined && isPaused(this.subscription);
  }

  get pausedQueue(): string {
    return pausedQueueOf(PUBLISHER, this.service);
  }

  get serviceQueue(): string {
    return serviceQueueOf(this.service);
  }

  /** Forwards events of a publisher, with an arrival if they have a term. Resolves when each is confirmed. */
  async forward(
    count: number,
    { manager = this.manager, publisher = PUBLISHER, term }: ForwardOptions = {},
  ): Promise<void> {
    const from = this.forwarded + 1;
    this.forwarded += count;
    await Promise.all(
      Array.from({ length: count }, (_, index) => this.forwardOne(from + index, manager, publisher, term)),
    );
  }

  /** Consumes the service's queue, as the service does. */
  consume(): void {
    const { received } = this;
    this.manager.broker.consume(this.serviceQueue, async (deliveries) => {
      for (const { body } of deliveries) received.push(numberOf(body));
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

  private forwardOne(number: number, { forwarder }: Manager, publisher: string, term?: number): Promise<void> {
    const name = String(number);
    const entity = projectCodec.encode({ projectID: name, owner: 'ada', gatewayId: 'gw', name });
    const body = encodeEvent({ publisher, entityType: 'PROJECT', crudType: 'CREATE', entity });
    const message = decodeMessage(body);
    if (message.kind !== 'event') throw new Error('not an event');
    const headers = term === undefined ? {} : { [ARRIVAL_HEADER]: arrivalText(term, number) };
    return new Promise((resolve, reject) => {
      let left = 0;
      forwarder.forward({
        event: message.event,
        content: { body, headers },
        encoded: encodeElement({ body, headers }),
        arrivedAtMs: performance.now(),
        expect: (services) => {
          left = services.length;
          if (left === 0) resolve();
        },
        confirmed: () => {
          left -= 1;
          if (left === 0) resolve();
        },
        failed: (error: DbEventError) => reject(error),
      });
    });
  }

  private get deliveries(): SubscriptionDeliveries {
    const { broker, registry, map } = this.manager;
    const runner = new ReconcileRunner(this.runs, broker, new QueueContents(), new RequestClient(broker), SILENT_LOG);
    return new SubscriptionDeliveries(map, new ReconcileService(this.runs, runner, registry));
  }
}

function numberOf(body: Buffer): number {
  const message = decodeMessage(body);
  if (message.kind !== 'event') throw new Error('not an event');
  return Number(projectCodec.decode(message.event.entity).projectID);
}
