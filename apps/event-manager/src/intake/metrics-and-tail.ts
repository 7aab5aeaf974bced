import type { DbEvent, DbEventErrorCode } from '@dbem/db-event';
import { Tail } from '@dbem/observation';
import { Log } from '@dbem/runtime';
import type { Delivery } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { IntakeMetrics } from './intake-metrics';
import { IntakeObserver } from './intake-observer.port';

/**
 * Passes all notifications to the metrics, and forwarded events to the tail. What one of them throws is logged: an
 * observer can't fail an event.
 */
@Injectable()
export class MetricsAndTail extends IntakeObserver {
  constructor(
    private readonly metrics: IntakeMetrics,
    private readonly tail: Tail,
    private readonly log: Log,
  ) {
    super();
  }

  received(event: DbEvent): void {
    this.guard(() => this.metrics.received(event));
  }

  forwarded(event: DbEvent, services: readonly string[], tookMs: number, delivery: Delivery): void {
    this.guard(() => this.metrics.forwarded(event, services, tookMs));
    this.guard(() => this.tail.record(event, services, delivery));
  }

  acknowledged(publisher: string, outcome: 'accepted' | 'rejected'): void {
    this.guard(() => this.metrics.acknowledged(publisher, outcome));
  }

  parked(code: DbEventErrorCode, publisher: string | undefined): void {
    this.guard(() => this.metrics.parked(code, publisher));
  }

  returned(count: number): void {
    this.guard(() => this.metrics.returned(count));
  }

  private guard(notify: () => void): void {
    try {
      notify();
    } catch (error) {
      this.log.error({ err: error }, 'an observer of the intake failed; the event is not affected');
    }
  }
}
