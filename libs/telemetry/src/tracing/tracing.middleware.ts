import { Injectable, type NestMiddleware } from '@nestjs/common';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';

/**
 * Creates a span for each HTTP request, in the caller's trace if the request carries one. No effect without tracing.
 */
@Injectable()
export class TracingMiddleware implements NestMiddleware {
  use(request: Request, response: Response, next: NextFunction): void {
    const carried = propagation.extract(context.active(), request.headers);
    const span = trace.getTracer('dbem').startSpan(
      request.method,
      {
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': request.method, 'url.path': request.path },
      },
      carried,
    );
    if (!trace.isSpanContextValid(span.spanContext())) {
      next();
      return;
    }
    response.once('close', () => {
      const route: unknown = request.route?.path;
      if (typeof route === 'string') {
        span.updateName(`${request.method} ${route}`);
        span.setAttribute('http.route', route);
      }
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(carried, span), next);
  }
}
