import {
  type Attributes,
  type Context,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { type TraceContext, traceContextIn } from './trace-context';

const tracer = () => trace.getTracer('dbem');

export interface EventSpanOptions {
  /** What is done to the event: publish, forward, apply. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
}

/** One step of an event's way, as a span of the trace that the event carries. */
export interface EventSpan {
  /** For whoever takes the event next: what it carried, or this step as its parent. */
  readonly headers: TraceContext;
  /** Of this step; undefined if it is not traced. */
  readonly context: Context | undefined;
  end(error?: unknown): void;
}

const UNTRACED: EventSpan = { headers: {}, context: undefined, end() {} };

/**
 * Begins a step, if the event carries a trace and this process traces. One that does not passes on what the event carried.
 *
 * @param carried headers that may hold a trace context.
 */
export function startEventSpan(carried: Readonly<Record<string, unknown>>, options: EventSpanOptions): EventSpan {
  const parent = traceContextIn(carried);
  if (parent === undefined) return UNTRACED;
  const { name, kind, attributes = {} } = options;
  const span = tracer().startSpan(name, { kind, attributes }, parent);
  const context = trace.setSpan(parent, span);
  const headers: Record<string, string> = {};
  propagation.inject(context, headers);
  return { headers, context, end: (error) => endSpan(span, error) };
}

export function endSpan(span: Span, error?: unknown): void {
  if (error !== undefined) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
  }
  span.end();
}
