import { BrokerManagement } from './broker-management';

/** The management API for the vhost of the broker connection; undefined if it is not configured. */
export class OptionalBrokerManagement {
  readonly management: BrokerManagement | undefined;

  /** @param managementUrl with an administrator's user and password. */
  constructor(amqpUrl: string, managementUrl: string | undefined) {
    this.management =
      managementUrl === undefined ? undefined : new BrokerManagement({ url: managementUrl, vhost: vhostOf(amqpUrl) });
  }
}

function vhostOf(amqpUrl: string): string {
  const path = new URL(amqpUrl).pathname.slice(1);
  return path === '' ? '/' : decodeURIComponent(path);
}
