import { Log, PeriodicTask, Readiness } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Registry } from 'prom-client';
import { FlowRecorder } from './flow/flow-recorder';
import { Backfills } from './live/backfills';
import { Onlookers } from './live/onlookers';
import { QueueLevels } from './live/queue-levels';
import { ReconcileRuns } from './live/reconcile-runs.port';
import { TopologyFeed } from './live/topology-feed';
import { TopologyView } from './live/topology-view';
import { HeardManagers } from './status/heard-managers';
import { HeardServices } from './status/heard-services';
import { ManagerReporter } from './status/manager-reporter';
import { SpeakerCheck } from './status/speaker-check.port';
import { StatusLine } from './status/status-line';
import { Tail } from './tail/tail';

const SWEEP_INTERVAL_MS = 30_000;

/**
 * What services and managers say of themselves: heard, remembered and said; what the whole system looks like at the moment, and the
 * events as they pass. From the application's start to its stop.
 */
@Module({})
export class ObservationModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private sweeping: PeriodicTask | undefined;

  constructor(
    private readonly line: StatusLine,
    private readonly reporter: ManagerReporter,
    private readonly services: HeardServices,
    private readonly managers: HeardManagers,
    private readonly flow: FlowRecorder,
    private readonly levels: QueueLevels,
    private readonly backfills: Backfills,
    private readonly tail: Tail,
    private readonly moduleRef: ModuleRef,
    private readonly log: Log,
  ) {
    line.listen({
      onService: (status) => services.hear(status, Date.now()),
      onManager: (message) => {
        if (message.kind === 'status') managers.hear(message, Date.now());
      },
    });
  }

  /** @param imports modules that export a `SpeakerCheck` and the `ReconcileRuns`. */
  static register({ imports }: { readonly imports: NonNullable<DynamicModule['imports']> }): DynamicModule {
    return {
      module: ObservationModule,
      global: true,
      imports,
      providers: [
        {
          provide: StatusLine,
          inject: [Broker, SpeakerCheck, Log],
          useFactory: (broker: Broker, speakers: SpeakerCheck, log: Log) => new StatusLine(broker, speakers, log),
        },
        {
          provide: FlowRecorder,
          inject: [SubscriptionRegistry],
          useFactory: (registry: SubscriptionRegistry) => new FlowRecorder(() => registry.map),
        },
        {
          provide: HeardServices,
          inject: [FlowRecorder],
          useFactory: (flow: FlowRecorder) => new HeardServices(flow),
        },
        {
          provide: HeardManagers,
          inject: [SubscriptionRegistry, FlowRecorder],
          useFactory: (registry: SubscriptionRegistry, flow: FlowRecorder) =>
            new HeardManagers(() => registry.map, flow),
        },
        {
          provide: ManagerReporter,
          inject: [StatusLine, SubscriptionRegistry, Registry, Log],
          useFactory: (line: StatusLine, registry: SubscriptionRegistry, metrics: Registry, log: Log) =>
            new ManagerReporter(line, registry, metrics, log),
        },
        Onlookers,
        {
          provide: QueueLevels,
          inject: [Broker, SubscriptionRegistry, Onlookers, FlowRecorder, Log],
          useFactory: (
            broker: Broker,
            registry: SubscriptionRegistry,
            onlookers: Onlookers,
            flow: FlowRecorder,
            log: Log,
          ) => new QueueLevels(broker, registry, onlookers, flow, log),
        },
        {
          provide: Backfills,
          inject: [ReconcileRuns, Onlookers, Log],
          useFactory: (runs: ReconcileRuns, onlookers: Onlookers, log: Log) => new Backfills(runs, onlookers, log),
        },
        {
          provide: TopologyView,
          inject: [SubscriptionRegistry, HeardServices, HeardManagers, QueueLevels, Backfills, FlowRecorder],
          useFactory: (
            registry: SubscriptionRegistry,
            services: HeardServices,
            managers: HeardManagers,
            levels: QueueLevels,
            backfills: Backfills,
            flow: FlowRecorder,
          ) => new TopologyView(registry, services, managers, levels, backfills, flow),
        },
        {
          provide: TopologyFeed,
          inject: [TopologyView, Onlookers],
          useFactory: (view: TopologyView, onlookers: Onlookers) => new TopologyFeed(view, onlookers),
        },
        {
          provide: Tail,
          inject: [StatusLine, SubscriptionRegistry, Log],
          useFactory: (line: StatusLine, registry: SubscriptionRegistry, log: Log) =>
            new Tail(line, () => registry.selfId, log),
        },
      ],
      exports: [StatusLine, FlowRecorder, HeardServices, HeardManagers, TopologyFeed, Tail],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    // Looked up late: it depends on the intake, which depends on this module.
    await this.reporter.start(this.moduleRef.get(Readiness, { strict: false }));
    await this.levels.start();
    await this.backfills.start();
    this.sweeping = PeriodicTask.every(SWEEP_INTERVAL_MS, () => this.sweep());
  }

  async onModuleDestroy(): Promise<void> {
    await this.sweeping?.stop();
    this.tail.stop();
    await Promise.all([this.levels.stop(), this.backfills.stop()]);
    await this.reporter.stop();
  }

  /** Whoever consumes the line's queue has stopped in an earlier hook. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.line.stop();
  }

  private sweep(): void {
    const nowMs = Date.now();
    this.services.sweep(nowMs);
    this.managers.sweep(nowMs);
    this.flow.sweep(nowMs);
    if (this.line.passedOverCount > 0)
      this.log.debug({ count: this.line.passedOverCount }, 'statuses passed over so far');
  }
}
