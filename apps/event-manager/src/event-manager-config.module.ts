import { type DynamicModule, Module } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from './event-manager.config';

/** Hands the configuration to whoever injects `EVENT_MANAGER_CONFIG`. */
@Module({})
export class EventManagerConfigModule {
  static with(config: EventManagerConfig): DynamicModule {
    return {
      module: EventManagerConfigModule,
      global: true,
      providers: [{ provide: EVENT_MANAGER_CONFIG, useValue: config }],
      exports: [EVENT_MANAGER_CONFIG],
    };
  }
}
