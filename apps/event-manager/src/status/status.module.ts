import { LOG, type Log, Readiness } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Registry } from 'prom-client';
import { FlowRecorder } from '../flow/flow-recorder';
import { Identities } from '../identity/identities';
import { IdentityModule } from '../identity/identity.module';
import { HeardManagers } from './heard-managers';
import { HeardServices } from './heard-services';
import { ManagerReporter } from './manager-reporter';
import { StatusLine } from './status-line';

const SWEEP_INTERVAL_MS = 30_000;

/** What services and managers say of themselves: heard, remembered, and said, from the application's start to its stop. */
@Module({
  imports: [IdentityModule],
  providers: [
    {
      provide: StatusLine,
      inject: [Broker, Identities, LOG],
      useFactory: (broker: Broker, identities: Identities, log: Log) => new StatusLine(broker, identities, log),
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
      useFactory: (registry: SubscriptionRegistry, flow: FlowRecorder) => new HeardManagers(() => registry.map, flow),
    },
    {
      provide: ManagerReporter,
      inject: [StatusLine, SubscriptionRegistry, Registry, LOG],
      useFactory: (line: StatusLine, registry: SubscriptionRegistry, metrics: Registry, log: Log) =>
        new ManagerReporter(line, registry, metrics, log),
    },
  ],
  exports: [StatusLine, FlowRecorder, HeardServices, HeardManagers],
})
export class StatusModule implements OnApplicationBootstrap, OnModuleDestroy {
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly line: StatusLine,
    private readonly reporter: ManagerReporter,
    private readonly services: HeardServices,
    private readonly managers: HeardManagers,
    private readonly flow: FlowRecorder,
    private readonly moduleRef: ModuleRef,
    @Inject(LOG) private readonly log: Log,
  ) {
    line.listen({
      onService: (status) => services.hear(status, Date.now()),
      onManager: (message) => {
        if (message.kind === 'status') managers.hear(message, Date.now());
      },
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.line.start();
    // Looked up late: it depends on the intake, which depends on this module.
    await this.reporter.start(this.moduleRef.get(Readiness, { strict: false }));
    this.sweeping = setInterval(() => this.sweep(), SWEEP_INTERVAL_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.sweeping);
    await this.reporter.stop();
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
