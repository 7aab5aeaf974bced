import type { Lifecycle } from '@dbem/db-event';
import { context, propagation, trace } from '@opentelemetry/api';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tracing, configured by OpenTelemetry's own variables: on if `OTEL_TRACES_EXPORTER` is `otlp`, or if an OTLP endpoint
 * is set and no exporter; off by default and with `OTEL_SDK_DISABLED=true`. While it is off, the SDK is not loaded.
 *
 *   idle -start-> on, for the whole process | off; any -stop-> remaining spans are exported -> off
 */
export class Tracing implements Lifecycle {
  private shutDown: (() => Promise<void>) | undefined;
  private isStopped = false;

  /** @param service the service's name in traces, unless `OTEL_SERVICE_NAME` is set. */
  constructor(
    private readonly service: string,
    private readonly env: Environment = process.env,
  ) {}

  async start(): Promise<void> {
    if (this.shutDown !== undefined || this.isStopped || !isTracingEnabled(this.env)) return;
    const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] = await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    const named = resources.resourceFromAttributes({ 'service.name': this.service });
    const found = resources.detectResources({ detectors: [resources.envDetector] });
    const provider = new NodeTracerProvider({
      resource: resources.defaultResource().merge(named).merge(found),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    provider.register();
    this.shutDown = () => provider.shutdown();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    const { shutDown } = this;
    this.shutDown = undefined;
    if (shutDown === undefined) return;
    // An unavailable collector must not prevent a clean shutdown.
    await shutDown().catch(() => {});
    trace.disable();
    context.disable();
    propagation.disable();
  }
}

function isTracingEnabled(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return false;
  const exporter = env.OTEL_TRACES_EXPORTER;
  if (exporter !== undefined && exporter !== '') return exporter === 'otlp';
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}
