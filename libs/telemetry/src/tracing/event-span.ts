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
  /** The operation: publish, forward or apply. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
}

/** One step in the processing of an event, as a span of the trace that the event carries. */
export interface EventSpan {
  /** Trace headers for the next process: what the event carried, or this span as the parent. */
  readonly headers: TraceContext;
  /** Context of this span; undefined if the event is not traced. */
  readonly context: Context | undefined;
  end(error?: unknown): void;
}

const UNTRACED: EventSpan = { headers: {}, context: undefined, end() {} };

/**
 * Starts a span if the event carries a trace context and tracing is on. With tracing off the carried context is passed
 * on.
 *
 * @param carried headers that may contain a trace context.
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
