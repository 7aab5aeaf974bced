import { LOG, type Log } from '@dbem/platform';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Module } from '@nestjs/common';
import { AgreedMap } from './agreed-map';
import { MapAgreement } from './map-agreement';

/** Started and stopped by the intake, which depends on it. */
@Module({
  providers: [
    {
      provide: MapAgreement,
      inject: [SubscriptionRegistry, Broker, LOG],
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
