import { REPLY_EXCHANGE, requestQueueOf } from '../requests/request-wire';
import {
  EVENT_EXCHANGE,
  failedExchangeOf,
  MANAGER_ROUTING_KEY,
  STATUS_EXCHANGE,
  serviceQueueOf,
} from '../topology/topology-names';

/** What a broker user may do in a vhost: RabbitMQ's three patterns over names of queues and exchanges. */
export interface BrokerRights {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  /** Patterns over routing keys, for topic exchanges. */
  readonly topics: readonly { readonly exchange: string; readonly write: string; readonly read: string }[];
}

export interface ServiceRightsOptions {
  /**
   * An old service, which declares the event exchange and its own queue, and binds the one to the other. It could delete the
   * exchange as well. Default: false.
   */
  readonly declaresItself?: boolean;
}

/**
 * The least that a service needs: to publish to the manager, to take from its own queues, to answer the manager's requests,
 * to say how it is, and to park and retry for itself.
 *
 * No pattern relies on a routing key where that would open somebody else's queue: brokers before RabbitMQ 4 do not check the
 * further keys of a message's CC header against topic rights. What a service may publish to leads to its own queues, to the
 * manager, or to replies whose names nobody can guess. The status exchange leads to managers alone, whatever a message's CC header
 * says: a fan-out exchange heeds no key.
 */
export function rightsOfService(service: string, { declaresItself = false }: ServiceRightsOptions = {}): BrokerRights {
  const requests = [requestQueueOf(service, 'publisher'), requestQueueOf(service, 'replica')];
  const queue = serviceQueueOf(service);
  const own = declaresItself ? [queue] : [];
  const exchange = declaresItself ? [EVENT_EXCHANGE] : [];
  return {
    configure: anyOf([...requests, ...own, ...exchange]),
    write: anyOf([EVENT_EXCHANGE, REPLY_EXCHANGE, STATUS_EXCHANGE, failedExchangeOf(service), ...own]),
    read: anyOf([queue, ...requests, ...exchange]),
    topics: [
      {
        exchange: EVENT_EXCHANGE,
        write: anyOf([MANAGER_ROUTING_KEY]),
        read: declaresItself ? anyOf([`#.${service}.#`]) : NOTHING,
      },
      { exchange: REPLY_EXCHANGE, write: '^replies\\.', read: NOTHING },
    ],
  };
}

/** The manager declares, writes and reads everything in the vhost, which should be this system's own. */
export const MANAGER_RIGHTS: BrokerRights = { configure: '.*', write: '.*', read: '.*', topics: [] };

const NOTHING = '^$';

function anyOf(names: readonly string[]): string {
  return `^(${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|#]/g, '\\$&')).join('|')})$`;
}
