import { endSpan } from '@dbem/telemetry';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { Observable, tap } from 'rxjs';
import type { RequestContext } from './request-context';
import { requestFailureOf } from './request-failure';
import { RequestMetrics } from './request-metrics';

/** Traces each request as a child span of its requester's trace, and records its metrics. */
@Injectable()
export class RequestTelemetryInterceptor implements NestInterceptor {
  constructor(private readonly metrics: RequestMetrics) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = execution.switchToRpc().getContext<RequestContext>();
    const startedAtMs = performance.now();
    const parent = propagation.extract(context.active(), request.delivery.headers);
    const span = trace.getTracer('dbem').startSpan(request.method, { kind: SpanKind.SERVER }, parent);
    const end = (outcome: string, error?: unknown) => {
      this.metrics.answered(request, outcome, (performance.now() - startedAtMs) / 1_000);
      endSpan(span, error);
    };
    const handled = new Observable((subscriber) =>
      context.with(trace.setSpan(parent, span), () => next.handle().subscribe(subscriber)),
    );
    return handled.pipe(tap({ error: (error) => end(requestFailureOf(error).code, error), complete: () => end('ok') }));
  }
}
