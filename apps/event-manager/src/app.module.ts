import { Log } from '@dbem/runtime';
import { HealthModule, LoggingModule, ProblemDetailsFilter } from '@dbem/service-kit';
import { SubscriptionRegistryModule } from '@dbem/subscription-registry';
import { MetricsModule, TracingModule } from '@dbem/telemetry';
import { brokerOptionsOf, TransportModule } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AccessModule } from './access/access.module';
import { BrokerUsersModule } from './access/broker-users/broker-users.module';
import { AuditModule } from './audit/audit.module';
import { ChangesModule } from './audit/changes/changes.module';
import { ClusterModule } from './cluster/cluster.module';
import { BrokerConfig } from './config/broker.config';
import { MetricsConfig } from './config/metrics.config';
import { ZooKeeperOptionsModule } from './config/zookeeper-options.module';
import { ZooKeeperSessionOptions } from './config/zookeeper-session.options';
import { ConsoleModule } from './console/console.module';
import { ContractModule } from './contract/contract.module';
import { EntitiesModule } from './entities/entities.module';
import { ManagerHealth } from './health/manager-health';
import { ManagerHealthModule } from './health/manager-health.module';
import { IntakeModule } from './intake/intake.module';
import { ObservationApiModule } from './observation/observation-api.module';
import { ParkedModule } from './parked/parked.module';
import { ReconcileModule } from './reconcile/reconcile.module';
import { ExpiryModule } from './subscriptions/expiry/expiry.module';
import { LostQueuesModule } from './subscriptions/lost-queues/lost-queues.module';
import { SubscriptionsModule } from './subscriptions/subscriptions.module';

/** The events of a queue that confirms nothing for longer go to its overflow queue. */
const CONFIRM_TIMEOUT_MS = 5_000;

@Module({
  imports: [
    LoggingModule.forApp('event-manager'),
    MetricsModule.forRootAsync({
      inject: [MetricsConfig],
      useFactory: ({ METRICS_TOKEN }: MetricsConfig) => ({ token: METRICS_TOKEN }),
    }),
    TracingModule.forRoot({ service: 'event-manager' }),
    TransportModule.forRootAsync({
      inject: [BrokerConfig, Log],
      useFactory: (config: BrokerConfig, log: Log) => ({
        ...brokerOptionsOf(config),
        confirmTimeoutMs: CONFIRM_TIMEOUT_MS,
        managementUrl: config.AMQP_MANAGEMENT_URL,
        connectionName: 'event-manager',
        log,
      }),
    }),
    SubscriptionRegistryModule.forRootAsync({
      imports: [ZooKeeperOptionsModule],
      inject: [ZooKeeperSessionOptions],
      useFactory: (options: ZooKeeperSessionOptions) => ({ store: 'zookeeper', ...options }),
    }),
    IntakeModule,
    ExpiryModule,
    LostQueuesModule,
    SubscriptionsModule,
    ParkedModule,
    EntitiesModule,
    ReconcileModule,
    ContractModule,
    ObservationApiModule,
    ClusterModule,
    AccessModule,
    BrokerUsersModule,
    AuditModule,
    ChangesModule,
    ConsoleModule,
    HealthModule.forRootAsync({
      imports: [ManagerHealthModule],
      inject: [ManagerHealth],
      useFactory: ({ indicators }: ManagerHealth) => indicators,
    }),
  ],
  providers: [{ provide: APP_FILTER, useClass: ProblemDetailsFilter }],
})
export class AppModule {}
