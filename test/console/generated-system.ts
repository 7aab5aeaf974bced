import { randomUUID } from 'node:crypto';
import { encodeEvent, userProfileCodec } from '@dbem/entity-codec';
import { LATENCY_BUCKETS_S } from '@dbem/telemetry';
import {
  type Consumption,
  encodeServiceStatus,
  intakeMessage,
  parkedQueueOf,
  RabbitMqBroker,
  type ReceivedStatus,
  SOFTWARE_VERSION,
  STATUS_EXCHANGE,
  serviceQueueOf,
} from '@dbem/transport';
import { userOf } from '../bench/drivers/users';
import { seedMap } from '../bench/harness/seed-map';
import { waitFor } from '../support/waiting/wait-for';
import { type GeneratedMap, generatedMap } from './generated-map';

export interface GeneratedSystemOptions {
  readonly amqpUrl: string;
  /** With an existing chroot. */
  readonly zooKeeperConnect: string;
  /** Default: 200. */
  readonly services?: number;
  /** Default: 2,000. */
  readonly subscriptions?: number;
  /** Events per second that all publishers together send through the event manager. Default: 20. */
  readonly eventsPerS?: number;
}

const STATUS_INTERVAL_MS = 2_000;
/** How many services are in each unusual state. */
const STOPPED = 3;
const UNREADY = 3;
const PARKING = 5;
const LEGACY = 10;

/**
 * Simulates many services for a real event manager: subscriptions in its map, queues with consumers, events, and status
 * reports. Only the inside of the services is missing. Some services are in trouble; see the sets.
 *
 * Call `seed` before the event manager starts, and `start` once it is ready.
 */
export class GeneratedSystem {
  readonly map: GeneratedMap;
  /** Neither consume nor send status reports. */
  readonly stopped: ReadonlySet<string>;
  /** Report that they are not ready. */
  readonly unready: ReadonlySet<string>;
  /** Have parked events. */
  readonly parking: ReadonlySet<string>;
  /** Consume, but send no status reports, as legacy services do. */
  readonly legacy: ReadonlySet<string>;
  private readonly broker: RabbitMqBroker;
  private readonly consumptions: Consumption[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly startedAtMs = Date.now();
  private readonly instances = new Map<string, string>();
  private readonly received = new Map<string, number>();
  private sent = 0;
  /** By publisher. */
  private readonly versions = new Map<string, number>();

  constructor(private readonly options: GeneratedSystemOptions) {
    this.map = generatedMap(options.services ?? 200, options.subscriptions ?? 2_000);
    // Taken from the end, where services do not publish.
    const subscribersOnly = [...this.map.services].reverse();
    const take = (count: number) => new Set(subscribersOnly.splice(0, count));
    this.stopped = take(STOPPED);
    this.unready = take(UNREADY);
    this.parking = take(PARKING);
    this.legacy = take(LEGACY);
    this.broker = new RabbitMqBroker({ url: options.amqpUrl, connectionName: 'generated services' });
  }

  async seed(): Promise<void> {
    await seedMap(this.options.zooKeeperConnect, this.map.subscriptions);
  }

  /** Resolves when every queue exists and has its consumer, and the first status reports are sent. */
  async start(): Promise<void> {
    const { topology } = this.broker;
    await this.broker.start();
    await waitFor(() => this.broker.health().isConnected);
    for (const service of this.map.services) {
      await waitFor(() => topology.inspectQueue(parkedQueueOf(service)), { timeoutMs: 300_000 });
      await waitFor(() => topology.inspectQueue(serviceQueueOf(service)), { timeoutMs: 300_000 });
    }
    for (const service of this.map.services) if (!this.stopped.has(service)) this.consume(service);
    await waitFor(() => this.consumptions.every(({ isRegistered }) => isRegistered), { timeoutMs: 300_000 });
    for (const service of this.parking) await this.park(service, 3);
    await this.reportAll();
    this.timers.push(setInterval(() => void this.reportAll(), STATUS_INTERVAL_MS));
    const { eventsPerS = 20 } = this.options;
    if (eventsPerS > 0) this.timers.push(setInterval(() => void this.publish(), 1_000 / eventsPerS));
  }

  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.broker.stop();
  }

  private consume(service: string): void {
    this.consumptions.push(
      this.broker.consume(serviceQueueOf(service), async (deliveries) => {
        for (const { messageId = '' } of deliveries) {
          const key = `${messageId.split(':')[0]}~${service}`;
          this.received.set(key, (this.received.get(key) ?? 0) + 1);
        }
      }),
    );
  }

  private async park(service: string, count: number): Promise<void> {
    for (let number = 0; number < count; number += 1) {
      await this.broker.publish({
        exchange: '',
        routingKey: parkedQueueOf(service),
        body: this.eventOf(this.publishersOf(service)[0] ?? service),
        headers: {
          'x-dbem-reason-code': 'HANDLER_FAILED',
          'x-dbem-reason': 'a simulated failure',
          'x-dbem-parked-id': randomUUID(),
        },
      });
    }
  }

  private async publish(): Promise<void> {
    const publisher = this.map.publishers[this.sent % this.map.publishers.length] as string;
    const body = this.eventOf(publisher);
    this.sent += 1;
    await this.broker
      .publish(intakeMessage({ messageId: `${publisher}:${this.versionOf(publisher)}`, body }))
      .catch(() => {
        // The broker has been stopped.
      });
  }

  private eventOf(publisher: string): Buffer {
    const version = this.versionOf(publisher) + 1;
    this.versions.set(publisher, version);
    const user = userOf(version % 1_000, version, '');
    return encodeEvent({
      publisher,
      entityType: 'USER_PROFILE',
      crudType: 'UPDATE',
      entity: userProfileCodec.encode(user),
      eventId: `${publisher}:${version}`,
      entityId: userProfileCodec.idOf(user),
      version: BigInt(version),
      changeTimeMs: Date.now(),
    });
  }

  private async reportAll(): Promise<void> {
    const reporting = this.map.services.filter((service) => !this.stopped.has(service) && !this.legacy.has(service));
    await Promise.all(reporting.map((service) => this.report(service)));
  }

  private async report(service: string): Promise<void> {
    const isReady = !this.unready.has(service);
    const body = encodeServiceStatus({
      service,
      instance: this.instanceOf(service),
      software: SOFTWARE_VERSION,
      startedAtMs: this.startedAtMs,
      isReady,
      reasons: isReady ? [] : ['database: Error: a simulated failure'],
      received: this.publishersOf(service).map((publisher) => this.receivedFrom(publisher, service)),
      ...(this.map.publishers.includes(service) && {
        outbox: {
          depth: 0,
          oldestAgeMs: 0,
          published: this.versionOf(service),
          version: this.versionOf(service),
          clockOffsetMs: 0,
        },
      }),
    });
    await this.broker.publishTransient({ exchange: STATUS_EXCHANGE, routingKey: '', body }).catch(() => {
      // Status reports may be lost.
    });
  }

  private receivedFrom(publisher: string, service: string): ReceivedStatus {
    const applied = this.received.get(`${publisher}~${service}`) ?? 0;
    // Most events within 25 ms, one in fifty within a second.
    const slow = Math.floor(applied / 50);
    const lag = LATENCY_BUCKETS_S.map((bound) => (bound === 0.025 ? applied - slow : bound === 1 ? slow : 0));
    return {
      publisher,
      applied,
      stale: 0,
      deferred: 0,
      retried: 0,
      parked: this.parking.has(service) && publisher === this.publishersOf(service)[0] ? 3 : 0,
      version: this.versionOf(publisher),
      lastLagMs: 12,
      lastReceivedAtMs: Date.now(),
      lag: [...lag, 0],
    };
  }

  private versionOf(publisher: string): number {
    return this.versions.get(publisher) ?? 0;
  }

  private readonly publishersBySubscriber = new Map<string, string[]>();

  private publishersOf(service: string): readonly string[] {
    let publishers = this.publishersBySubscriber.get(service);
    if (publishers === undefined) {
      const own = this.map.subscriptions.filter(({ subscriber }) => subscriber === service);
      publishers = own.map(({ publisher }) => publisher);
      this.publishersBySubscriber.set(service, publishers);
    }
    return publishers;
  }

  private instanceOf(service: string): string {
    const id = this.instances.get(service) ?? randomUUID();
    this.instances.set(service, id);
    return id;
  }
}
