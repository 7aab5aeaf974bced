import { BrokerManagement } from '@dbem/transport';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';

/** The broker's management API, for the vhost that this manager works in; undefined if none is configured. */
@Injectable()
export class OptionalBrokerManagement {
  readonly management: BrokerManagement | undefined;

  constructor(@Inject(EVENT_MANAGER_CONFIG) { AMQP_MANAGEMENT_URL: url, AMQP_URL }: EventManagerConfig) {
    this.management = url === undefined ? undefined : new BrokerManagement({ url, vhost: vhostOf(AMQP_URL) });
  }
}

function vhostOf(amqpUrl: string): string {
  const path = new URL(amqpUrl).pathname.slice(1);
  return path === '' ? '/' : decodeURIComponent(path);
}
