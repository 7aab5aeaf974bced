import { endSpan, startEventSpan } from '@dbem/telemetry';
import type { BatchHandler, Delivery } from '@dbem/transport';
import { type Context, context, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';

/**
 * Creates a span for each traced event, as a child of the trace context in the event, so that one trace leads from the
 * publisher's request to every subscriber. Spans of handlers belong to the span of the batch, which is linked to the
 * spans of its events; a batch of one event has no span of its own. Without traced events this only calls the handler.
 */
export function tracedHandler(handler: BatchHandler, service: string): BatchHandler {
  return async (deliveries, ended) => {
    const traced = deliveries.filter(({ headers }) => headers.traceparent !== undefined);
    if (traced.length === 0) return handler(deliveries, ended);
    const spans = traced.map((delivery) => startApplySpan(delivery, service));
    const contexts = spans.flatMap(({ context: own }) => own ?? []);
    const batch = deliveries.length === 1 ? undefined : startBatchSpan(contexts, deliveries.length, service);
    let failure: unknown;
    try {
      await context.with(batch?.context ?? contexts[0] ?? ROOT_CONTEXT, () => handler(deliveries, ended));
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      for (const span of spans) span.end(failure);
      if (batch !== undefined) endSpan(batch.span, failure);
    }
  };
}

function startApplySpan({ headers, messageId = '' }: Delivery, service: string) {
  return startEventSpan(headers, {
    name: 'apply',
    kind: SpanKind.CONSUMER,
    attributes: { 'dbem.subscriber': service, 'messaging.message.id': messageId },
  });
}

function startBatchSpan(events: readonly Context[], size: number, service: string) {
  if (events.length === 0) return undefined;
  const links = events.flatMap((event) => {
    const linked = trace.getSpanContext(event);
    return linked === undefined ? [] : [{ context: linked }];
  });
  const span = trace.getTracer('dbem').startSpan(
    'apply batch',
    {
      kind: SpanKind.CONSUMER,
      links,
      attributes: { 'dbem.subscriber': service, 'messaging.batch.message_count': size },
    },
    ROOT_CONTEXT,
  );
  return { span, context: trace.setSpan(ROOT_CONTEXT, span) };
}
