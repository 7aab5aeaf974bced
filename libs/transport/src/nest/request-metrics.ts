import { LATENCY_BUCKETS_S } from '@dbem/telemetry';
import { Injectable, Optional } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';
import type { RequestContext } from './request-context';

/** Metrics of the requests that this process answers. */
@Injectable()
export class RequestMetrics {
  private readonly total: Counter;
  private readonly seconds: Histogram;

  constructor(@Optional() registry: Registry = new Registry()) {
    const registers = [registry];
    this.total = new Counter({
      name: 'dbem_requests_total',
      help: 'Requests answered by a service, and subscription requests answered by the event manager. outcome: ok, or the error code.',
      labelNames: ['role', 'method', 'outcome'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'dbem_request_duration_seconds',
      help: 'Time from the arrival of a request to its answer.',
      labelNames: ['role', 'method'],
      buckets: LATENCY_BUCKETS_S,
      registers,
    });
  }

  answered({ role, method }: RequestContext, outcome: string, seconds: number): void {
    this.total.inc({ role, method, outcome });
    this.seconds.observe({ role, method }, seconds);
  }
}
