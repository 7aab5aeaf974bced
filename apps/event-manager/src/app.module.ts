import { Log } from '@dbem/runtime';
import { HealthModule, LoggingModule, ProblemDetailsFilter, secretsOf } from '@dbem/service-kit';
import { SubscriptionRegistry, SubscriptionRegistryModule } from '@dbem/subscription-registry';
import { MetricsModule, TracingModule } from '@dbem/telemetry';
import { Broker, brokerOptionsOf, TransportModule } from '@dbem/transport';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { DestinationStream } from 'pino';
import { AccessModule } from './access/access.module';
import { BrokerUsersModule } from './access/broker-users/broker-users.module';
import { AuditModule } from './audit/audit.module';
import { ChangesModule } from './audit/changes/changes.module';
import { ClusterModule } from './cluster/cluster.module';
import { ConsoleModule } from './console/console.module';
import { ContractModule } from './contract/contract.module';
import { EntitiesModule } from './entities/entities.module';
import type { EventManagerConfig } from './event-manager.config';
import { EventManagerConfigModule } from './event-manager-config.module';
import { IntakeModule } from './intake/intake.module';
import { RunningIntake } from './intake/running-intake';
import { ObservationApiModule } from './observation/observation-api.module';
import { ParkedModule } from './parked/parked.module';
import { ReconcileModule } from './reconcile/reconcile.module';
import { PausedModule } from './subscriptions/pause/paused.module';
import { SubscriptionsModule } from './subscriptions/subscriptions.module';
import { zooKeeperOptionsOf } from './zookeeper-options';

@Module({})
export class AppModule {
  static with(config: EventManagerConfig, logDestination?: DestinationStream): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EventManagerConfigModule.with(config),
        LoggingModule.forRoot({
          app: 'event-manager',
          level: config.LOG_LEVEL,
          secrets: secretsOf(config),
          destination: logDestination,
        }),
        MetricsModule.forRoot({ token: config.METRICS_TOKEN }),
        TracingModule.forRoot({ service: 'event-manager' }),
        TransportModule.forRootAsync({
          inject: [Log],
          useFactory: (log: Log) => ({
            ...brokerOptionsOf(config),
            managementUrl: config.AMQP_MANAGEMENT_URL,
            connectionName: 'event-manager',
            log,
          }),
        }),
        SubscriptionRegistryModule.forRootAsync({
          inject: [Log],
          useFactory: (log: Log) => ({ ...zooKeeperOptionsOf(config), log }),
        }),
        IntakeModule,
        PausedModule,
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
          imports: [IntakeModule],
          inject: [Broker, SubscriptionRegistry, RunningIntake],
          useFactory: (broker: Broker, registry: SubscriptionRegistry, intake: RunningIntake) => ({
            broker: () => {
              const { isConnected, ...details } = broker.health();
              return { isUp: isConnected, details };
            },
            intake: () => ({ isUp: intake.isAttached, details: { isHeld: intake.isHeld } }),
            subscriptionMap: () => {
              const { status: state, ...details } = registry.health();
              // Degraded is up: events are routed from memory.
              const lapsed = registry.map.subscriptions().filter(({ lapse }) => lapse !== undefined);
              const names = [...new Set(lapsed.map(({ subscriber }) => subscriber))];
              return {
                isUp: state === 'ready' || state === 'degraded',
                details: { state, ...details, ...(names.length > 0 && { lapsed: names }) },
              };
            },
          }),
        }),
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemDetailsFilter }],
    };
  }
}
