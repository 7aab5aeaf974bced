import { ObservationModule, ReconcileRuns, SenderCheck } from '@dbem/observation';
import { InMemoryRunStore, RunStore } from '@dbem/reconcile';
import { Log, Readiness, SILENT_LOG } from '@dbem/runtime';
import { AppConfigModule, type ConfigClass } from '@dbem/service-kit';
import {
  InMemorySubscriptionRegistry,
  SubscriptionRegistry,
  SubscriptionRegistryModule,
} from '@dbem/subscription-registry';
import {
  Broker,
  connectRequests,
  type Delivery,
  declareManagerTopology,
  InMemoryBroker,
  OptionalBrokerManagement,
  QueueContents,
  RequestMetrics,
  RequestServers,
} from '@dbem/transport';
import { Global, type INestApplication, Module, type ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { Registry } from 'prom-client';

@Global()
@Module({
  providers: [
    { provide: Broker, useClass: InMemoryBroker },
    { provide: OptionalBrokerManagement, useValue: new OptionalBrokerManagement('amqp://127.0.0.1', undefined) },
    { provide: Log, useValue: SILENT_LOG },
    { provide: Registry, useFactory: () => new Registry() },
    { provide: Readiness, useValue: new Readiness({}) },
    QueueContents,
    RequestServers,
    RequestMetrics,
  ],
  exports: [Broker, QueueContents, OptionalBrokerManagement, Log, Registry, Readiness, RequestServers, RequestMetrics],
})
class InfrastructureModule {}

@Module({
  providers: [
    { provide: SenderCheck, useValue: { checkSender: () => {} } },
    { provide: ReconcileRuns, useValue: { underWay: async () => [] } },
  ],
  exports: [SenderCheck, ReconcileRuns],
})
class ObservationStubModule {}

/** The observation that the intake reports to, with no identity checks and no reconcile runs. */
export const OBSERVATION = ObservationModule.register({ imports: [ObservationStubModule] });

export interface InMemoryManagerOptions {
  /** The config classes that the modules inject. Default: none. */
  readonly configs?: readonly ConfigClass[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Overrides providers. */
  readonly replace?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** Some of the event manager's modules, with a started in-memory broker and map; nothing else is started. */
export class InMemoryManager {
  private constructor(
    private readonly app: INestApplication,
    readonly broker: InMemoryBroker,
    readonly registry: InMemorySubscriptionRegistry,
  ) {}

  static async of(
    imports: NonNullable<ModuleMetadata['imports']>,
    { configs = [], environment = {}, replace = (builder) => builder }: InMemoryManagerOptions = {},
  ): Promise<InMemoryManager> {
    const configuration = await AppConfigModule.forRoot({ environment, configs });
    const builder = Test.createTestingModule({
      imports: [
        configuration,
        InfrastructureModule,
        SubscriptionRegistryModule.forRoot({ store: 'in-memory' }),
        ...imports,
      ],
    })
      .overrideProvider(RunStore)
      .useClass(InMemoryRunStore);
    const module = await replace(builder).compile();
    const broker = module.get<Broker, InMemoryBroker>(Broker);
    const registry = module.get<SubscriptionRegistry, InMemorySubscriptionRegistry>(SubscriptionRegistry);
    await Promise.all([broker.start(), registry.start()]);
    await declareManagerTopology(broker.topology);
    const app = module.createNestApplication({ logger: false });
    connectRequests(app);
    return new InMemoryManager(app, broker, registry);
  }

  /** Runs the modules' init hooks. */
  async start(): Promise<this> {
    await this.app.init();
    return this;
  }

  /** Starts the modules and listens on a free port. @returns the URL */
  async listen(): Promise<string> {
    await this.app.listen(0, '127.0.0.1');
    return this.app.getUrl();
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.broker.stop();
  }

  get get(): INestApplication['get'] {
    return this.app.get.bind(this.app);
  }

  /** The messages in a queue; they stay there. */
  async contentOf(queue: string): Promise<readonly Delivery[]> {
    const found: Delivery[] = [];
    await this.broker.browse(queue, (delivery) => {
      found.push(delivery);
      return 'keep';
    });
    return found;
  }

  /** The number of messages in a queue; 0 if it does not exist. */
  async waitingIn(queue: string): Promise<number> {
    return (await this.broker.topology.inspectQueue(queue))?.messages ?? 0;
  }
}
