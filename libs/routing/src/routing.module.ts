import { type DynamicModule, Module } from '@nestjs/common';
import { QueueNames } from './queue-names.port';
import { RoutingService } from './routing.service';

@Module({})
export class RoutingModule {
  static forRoot(names: QueueNames): DynamicModule {
    return {
      module: RoutingModule,
      providers: [{ provide: QueueNames, useValue: names }, RoutingService],
      exports: [RoutingService],
    };
  }
}
