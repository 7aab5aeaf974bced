import { REPLY_EXCHANGE, requestQueueOf } from '../requests/request-wire';
import {
  EVENT_EXCHANGE,
  failedExchangeOf,
  INTAKE_EXCHANGE,
  MANAGER_ROUTING_KEY,
  STATUS_EXCHANGE,
  serviceQueueOf,
} from '../topology/topology-names';

/** A broker user's permissions in a vhost: RabbitMQ's three patterns over names of queues and exchanges. */
export interface BrokerPermissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  /** Topic permissions: patterns over routing keys. */
  readonly topics: readonly { readonly exchange: string; readonly write: string; readonly read: string }[];
}

export interface ServiceRightsOptions {
  /**
   * For a legacy service, which publishes to the event exchange, declares it and its own queue, and binds them. This
   * also permits it to delete the exchange. Default: false.
   */
  readonly declaresItself?: boolean;
}

/**
 * The least permissions that a service needs: publish to the manager, consume its own queues, answer the manager's
 * requests, report its status, and park and retry its messages.
 *
 * Isolation does not depend on routing keys, because RabbitMQ before version 4 does not check the keys in a message's
 * CC header against topic permissions. The exchanges that a service may publish to lead only to its own queues, to the
 * manager, or to reply queues whose names can't be guessed. The status exchange is a fanout exchange, which ignores
 * routing keys, and leads to managers only.
 */
export function permissionsOfService(
  service: string,
  { declaresItself = false }: ServiceRightsOptions = {},
): BrokerPermissions {
  const requests = [requestQueueOf(service, 'publisher'), requestQueueOf(service, 'replica')];
  const queue = serviceQueueOf(service);
  const own = declaresItself ? [queue] : [];
  const exchange = declaresItself ? [EVENT_EXCHANGE] : [];
  return {
    configure: anyOf([...requests, ...own, ...exchange]),
    write: anyOf([INTAKE_EXCHANGE, REPLY_EXCHANGE, STATUS_EXCHANGE, failedExchangeOf(service), ...exchange, ...own]),
    read: anyOf([queue, ...requests, ...exchange]),
    topics: [
      {
        exchange: EVENT_EXCHANGE,
        write: declaresItself ? anyOf([MANAGER_ROUTING_KEY]) : NOTHING,
        read: declaresItself ? anyOf([`#.${service}.#`]) : NOTHING,
      },
      { exchange: REPLY_EXCHANGE, write: '^replies\\.', read: NOTHING },
    ],
  };
}

/** The manager has all permissions in the vhost, which should be dedicated to this system. */
export const MANAGER_PERMISSIONS: BrokerPermissions = { configure: '.*', write: '.*', read: '.*', topics: [] };

const NOTHING = '^$';

function anyOf(names: readonly string[]): string {
  return `^(${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|#]/g, '\\$&')).join('|')})$`;
}
