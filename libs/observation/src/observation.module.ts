import { Log, PeriodicTask, Readiness } from '@dbem/runtime';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { FlowRecorder } from './flow/flow-recorder';
import { Backfills } from './live/backfills';
import { QueueLevels } from './live/queue-levels';
import { TopologyFeed } from './live/topology-feed';
import { TopologyView } from './live/topology-view';
import { Viewers } from './live/viewers';
import { InstanceReports } from './status/instance-reports';
import { ManagerReporter } from './status/manager-reporter';
import { ManagerReports } from './status/manager-reports';
import { ReceivedCounts } from './status/received-counts';
import { StatusChannel } from './status/status-channel';
import { UnavailableQueues } from './status/unavailable-queues.port';
import { RemoteWatches } from './tail/remote-watches';
import { Tail } from './tail/tail';

const SWEEP_INTERVAL_MS = 30_000;

/**
 * Receives and stores the reports of services and managers, publishes this manager's own, and provides the topology and
 * the tail of events. Runs from the application's start to its stop.
 */
@Module({})
export class ObservationModule implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private sweepTask: PeriodicTask | undefined;

  constructor(
    private readonly channel: StatusChannel,
    private readonly reporter: ManagerReporter,
    private readonly services: InstanceReports,
    private readonly managers: ManagerReports,
    private readonly flow: FlowRecorder,
    private readonly levels: QueueLevels,
    private readonly backfills: Backfills,
    private readonly tail: Tail,
    private readonly moduleRef: ModuleRef,
    private readonly log: Log,
  ) {
    channel.listen({
      onService: (status) => services.receive(status, Date.now()),
      onManager: (message) => {
        if (message.kind === 'status') managers.receive(message, Date.now());
      },
    });
  }

  /** @param imports modules that export a `SenderCheck` and the `ReconcileRuns`. */
  static register({ imports }: { readonly imports: NonNullable<DynamicModule['imports']> }): DynamicModule {
    return {
      module: ObservationModule,
      global: true,
      imports,
      providers: [
        StatusChannel,
        ReceivedCounts,
        ManagerReporter,
        InstanceReports,
        ManagerReports,
        FlowRecorder,
        Viewers,
        QueueLevels,
        Backfills,
        TopologyView,
        TopologyFeed,
        RemoteWatches,
        Tail,
      ],
      exports: [StatusChannel, ReceivedCounts, FlowRecorder, InstanceReports, ManagerReports, TopologyFeed, Tail],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    // Resolved late: they depend on the intake, which depends on this module.
    await this.reporter.start(this.moduleRef.get(Readiness, { strict: false }), this.unavailableQueues());
    await this.levels.start();
    await this.backfills.start();
    this.sweepTask = PeriodicTask.every(SWEEP_INTERVAL_MS, () => this.sweep());
  }

  async onModuleDestroy(): Promise<void> {
    await this.sweepTask?.stop();
    this.tail.stop();
    await Promise.all([this.levels.stop(), this.backfills.stop()]);
    await this.reporter.stop();
  }

  /** The consumer of the channel's queue has stopped in an earlier hook. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.channel.stop();
  }

  /** Undefined in an application that forwards no events. */
  private unavailableQueues(): UnavailableQueues | undefined {
    try {
      return this.moduleRef.get(UnavailableQueues, { strict: false });
    } catch {
      return undefined;
    }
  }

  private sweep(): void {
    const nowMs = Date.now();
    this.services.sweep(nowMs);
    this.managers.sweep(nowMs);
    this.flow.sweep(nowMs);
    if (this.channel.droppedCount > 0)
      this.log.debug({ count: this.channel.droppedCount }, 'status reports dropped so far');
  }
}
