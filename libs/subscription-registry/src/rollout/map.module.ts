import { Log } from '@dbem/runtime';
import { Broker } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { SubscriptionRegistry } from '../subscription-registry.port';
import { AgreedMap } from './agreed-map';
import { MapAgreement } from './map-agreement';

/** Started and stopped by the intake, which depends on it. */
@Module({
  providers: [
    {
      provide: MapAgreement,
      inject: [SubscriptionRegistry, Broker, Log],
      useFactory: (registry: SubscriptionRegistry, broker: Broker, log: Log) => new MapAgreement(registry, broker, log),
    },
    {
      provide: AgreedMap,
      inject: [SubscriptionRegistry, MapAgreement],
      useFactory: (registry: SubscriptionRegistry, agreement: MapAgreement) => new AgreedMap(registry, agreement),
    },
  ],
  exports: [AgreedMap, MapAgreement],
})
export class MapModule {}
