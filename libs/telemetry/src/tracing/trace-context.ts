import { type Context, context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';

/** W3C's headers by name: `traceparent`, and `tracestate` if there is one. */
export type TraceContext = Readonly<Record<string, string>>;

/** The headers that carry a trace on from here; undefined where nothing is traced. */
export function currentTraceContext(active: Context = context.active()): TraceContext | undefined {
  // Without tracing there is no span: this one look is all that it costs.
  if (trace.getSpanContext(active) === undefined) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(active, carrier);
  return Object.keys(carrier).length === 0 ? undefined : carrier;
}

/** The trace that headers carry; undefined if they carry none. */
export function traceContextIn(headers: Readonly<Record<string, unknown>>): Context | undefined {
  if (headers.traceparent === undefined) return undefined;
  const extracted = propagation.extract(ROOT_CONTEXT, headers);
  return trace.getSpanContext(extracted) === undefined ? undefined : extracted;
}
