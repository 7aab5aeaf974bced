import type { DbEvent, DbEventErrorCode, EntityType } from '@dbem/db-event';
import { ReceivedCounts } from '@dbem/observation';
import { EventHistogram, LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { KnownPublishers } from './known-publishers';

/** Events forwarded along one route since the last scrape. */
interface Forwarded {
  readonly publisher: string;
  readonly byEntityType: Map<EntityType, number>;
}

/** Metrics of this manager's intake. Heartbeats are counted separately, so that idle time shows as zero. */
@Injectable()
export class IntakeMetrics {
  private readonly heartbeatsTotal: Counter;
  private readonly acknowledgedTotal: Counter;
  private readonly parkedTotal: Counter;
  private readonly returnedTotal: Counter;
  private readonly intakeToForward: EventHistogram;
  /**
   * By the route's array of services, whose identity stays the same until the map changes. An event to hundreds of
   * services updates one entry here and becomes hundreds of counts only at a scrape.
   */
  private readonly forwardedSince = new Map<readonly string[], Forwarded>();

  constructor(
    registry: Registry,
    private readonly known: KnownPublishers,
    private readonly counts: ReceivedCounts,
  ) {
    const registers = [registry];
    new Counter({
      name: 'dbem_intake_received_total',
      help: 'Events received from the manager’s queue.',
      labelNames: ['publisher', 'entity_type'],
      registers,
      collect() {
        this.reset();
        for (const [publisher, entity_type, count] of counts.list()) this.inc({ publisher, entity_type }, count);
      },
    });
    this.heartbeatsTotal = new Counter({
      name: 'dbem_intake_heartbeats_total',
      help: 'Heartbeats received from the manager’s queue.',
      labelNames: ['publisher'],
      registers,
    });
    this.acknowledgedTotal = new Counter({
      name: 'dbem_intake_acknowledged_total',
      help: 'Replies sent to publishers that requested one.',
      labelNames: ['publisher', 'outcome'],
      registers,
    });
    this.parkedTotal = new Counter({
      name: 'dbem_intake_parked_total',
      help: 'Messages that the manager could not process and parked.',
      labelNames: ['publisher', 'code'],
      registers,
    });
    this.returnedTotal = new Counter({
      name: 'dbem_intake_returned_total',
      help: 'Deliveries returned to the manager’s queue for redelivery.',
      registers,
    });
    this.intakeToForward = new EventHistogram({
      name: 'dbem_intake_to_forward_seconds',
      help: 'From an event’s arrival at the manager to the broker’s confirm in all service queues.',
      labelNames: ['publisher'],
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
    this.addForwarded(registry);
  }

  received({ publisher, entityType, isHeartbeat }: DbEvent): void {
    const label = this.known.label(publisher);
    if (isHeartbeat) this.heartbeatsTotal.inc({ publisher: label });
    else this.counts.add(label, entityType);
  }

  forwarded({ publisher, entityType, isHeartbeat }: DbEvent, services: readonly string[], tookMs: number): void {
    if (isHeartbeat) return;
    this.intakeToForward.series(this.known.label(publisher)).observe(tookMs / 1_000);
    if (services.length === 0) return;
    let entry = this.forwardedSince.get(services);
    if (entry === undefined) {
      entry = { publisher: this.known.label(publisher), byEntityType: new Map() };
      this.forwardedSince.set(services, entry);
    }
    entry.byEntityType.set(entityType, (entry.byEntityType.get(entityType) ?? 0) + 1);
  }

  acknowledged(publisher: string, outcome: 'accepted' | 'rejected'): void {
    this.acknowledgedTotal.inc({ publisher: this.known.label(publisher), outcome });
  }

  parked(code: DbEventErrorCode, publisher: string | undefined): void {
    this.parkedTotal.inc({ publisher: this.known.label(publisher), code });
  }

  returned(count: number): void {
    this.returnedTotal.inc(count);
  }

  private addForwarded(registry: Registry): void {
    const { forwardedSince } = this;
    new Counter({
      name: 'dbem_intake_forwarded_total',
      help: 'Events that the broker has confirmed in a service’s queue.',
      labelNames: ['publisher', 'subscriber', 'entity_type'],
      registers: [registry],
      collect() {
        for (const [services, { publisher, byEntityType }] of forwardedSince) {
          for (const [entity_type, count] of byEntityType) {
            for (const subscriber of services) this.inc({ publisher, subscriber, entity_type }, count);
          }
        }
        forwardedSince.clear();
      },
    });
  }
}
