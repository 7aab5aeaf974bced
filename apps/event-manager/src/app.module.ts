import {
  HealthModule,
  LOG,
  type Log,
  LoggingModule,
  MetricsModule,
  ProblemDetailsFilter,
  secretsOf,
  TracingModule,
} from '@dbem/platform';
import { SubscriptionRegistry, SubscriptionRegistryModule } from '@dbem/subscription-registry';
import { Broker, brokerOptionsOf, TransportModule } from '@dbem/transport';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { DestinationStream } from 'pino';
import { AdminModule } from './admin/admin.module';
import { ConsoleModule } from './console/console.module';
import type { EventManagerConfig } from './event-manager.config';
import { EventManagerConfigModule } from './event-manager-config.module';
import { IntakeModule } from './intake/intake.module';
import { RunningIntake } from './intake/running-intake';
import { PausedModule } from './paused/paused.module';
import { RpcModule } from './rpc/rpc.module';
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
          inject: [LOG],
          useFactory: (log: Log) => ({ ...brokerOptionsOf(config), connectionName: 'event-manager', log }),
        }),
        SubscriptionRegistryModule.forRootAsync({
          inject: [LOG],
          useFactory: (log: Log) => ({ ...zooKeeperOptionsOf(config), log }),
        }),
        RpcModule,
        IntakeModule,
        PausedModule,
        AdminModule,
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
