import { type Context, context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';

/** The W3C trace headers by name: `traceparent`, and `tracestate` if present. */
export type TraceContext = Readonly<Record<string, string>>;

/** The headers that propagate the active trace; undefined without one. */
export function currentTraceContext(active: Context = context.active()): TraceContext | undefined {
  // Without tracing there is no span, and this check is the only cost.
  if (trace.getSpanContext(active) === undefined) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(active, carrier);
  return Object.keys(carrier).length === 0 ? undefined : carrier;
}

/** The trace context in headers; undefined if there is none. */
export function traceContextIn(headers: Readonly<Record<string, unknown>>): Context | undefined {
  if (headers.traceparent === undefined) return undefined;
  const extracted = propagation.extract(ROOT_CONTEXT, headers);
  return trace.getSpanContext(extracted) === undefined ? undefined : extracted;
}
