import { Readiness } from '@dbem/runtime';
import { Broker, StatusReporter } from '@dbem/transport';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
  Optional,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { Registry } from 'prom-client';
import { discoverHandlers } from './handlers/discover-handlers';
import { Replication, type ReplicationOptions } from './replication';

export const REPLICATION_OPTIONS = Symbol('ReplicationOptions');

/** The application's `Replication`, made of the handlers found among its providers; starts and stops with it. */
@Injectable()
export class RunningReplication implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private made: Replication | undefined;

  constructor(
    @Inject(REPLICATION_OPTIONS) private readonly options: ReplicationOptions,
    private readonly broker: Broker,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reporter: StatusReporter,
    @Optional() private readonly metrics?: Registry,
    @Optional() private readonly readiness?: Readiness,
  ) {}

  get replication(): Replication {
    if (this.made === undefined) throw new Error('The handlers are known only once all modules are initialised');
    return this.made;
  }

  onModuleInit(): void {
    const { metrics, options } = this;
    this.made = new Replication(this.broker, discoverHandlers(this.discovery, this.scanner), {
      ...(metrics !== undefined && { metrics }),
      ...options,
    });
    this.reporter.add(options.service, this.made.status);
    this.readiness?.add('replication', () => ({
      isUp: this.replication.isReplicating,
      details: { subscriptions: this.replication.subscriptions.states },
    }));
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.made?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.made?.stop();
  }
}
