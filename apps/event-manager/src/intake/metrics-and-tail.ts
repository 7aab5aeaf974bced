import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import { Tail } from '@dbem/observation';
import type { Delivery } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { IntakeMetrics } from './intake-metrics';
import { IntakeObserver } from './intake-observer.port';

/** Passes all notifications to the metrics, and forwarded events to the tail. */
@Injectable()
export class MetricsAndTail extends IntakeObserver {
  constructor(
    private readonly metrics: IntakeMetrics,
    private readonly tail: Tail,
  ) {
    super();
  }

  received(event: DbEvent): void {
    this.metrics.received(event);
  }

  forwarded(event: DbEvent, services: readonly string[], tookMs: number, delivery: Delivery): void {
    this.metrics.forwarded(event, services, tookMs);
    this.tail.record(event, services, delivery);
  }

  acknowledged(publisher: string, outcome: 'accepted' | 'rejected'): void {
    this.metrics.acknowledged(publisher, outcome);
  }

  parked(code: DbEventErrorCode, publisher: string | undefined): void {
    this.metrics.parked(code, publisher);
  }

  returned(count: number): void {
    this.metrics.returned(count);
  }
}
