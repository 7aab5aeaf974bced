import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AgreedMap } from './agreed-map';
import { MapAgreement } from './map-agreement';
import { MapLine } from './map-line';

/**
 * How managers agree on the map. It is started before, and stopped after, the modules that import it: who consumes events by
 * the map has stopped by then.
 */
@Module({ providers: [MapLine, MapAgreement, AgreedMap], exports: [AgreedMap, MapAgreement] })
export class MapModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly agreement: MapAgreement) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.agreement.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.agreement.stop();
  }
}
