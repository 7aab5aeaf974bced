import type { EntityType } from '@dbem/db-event';

/**
 * What a subscription can be in, gravest first. `lapsed`: its subscriber stayed away for too long. `silent`: nobody takes from its
 * subscriber's queue. `paused`: its events wait in a queue of their own, or are being moved on from there. `backfilling`: a
 * backfill or a repair is under way. `parked`: the subscriber has parked events. `flowing`: none of these.
 */
export const EDGE_STATES = ['lapsed', 'silent', 'paused', 'backfilling', 'parked', 'flowing'] as const;

export type EdgeState = (typeof EDGE_STATES)[number];

/**
 * `ready`: every instance that is there says so. `unready`: one says that it is not. `gone`: there were some, and none is heard any
 * more. `unknown`: none has ever been heard, as of an old service.
 */
export const SERVICE_HEALTHS = ['ready', 'unready', 'gone', 'unknown'] as const;

export type ServiceHealth = (typeof SERVICE_HEALTHS)[number];

export const INSTANCE_STATES = ['ready', 'unready', 'gone'] as const;

export type InstanceState = (typeof INSTANCE_STATES)[number];

/** A process of a service, or an event manager, as it said of itself last. */
export interface Instance {
  readonly id: string;
  readonly state: InstanceState;
  /** Why it is not ready. */
  readonly reasons?: readonly string[];
  /** The version of the software. */
  readonly software: string;
  readonly startedAt: string;
  /** Of one that is gone. */
  readonly lastHeardAt?: string;
}

export interface ManagerNode extends Instance {
  /** Events taken from the managers' queue, and copies that the broker has confirmed in the services' queues, a second. */
  readonly receivedPerS: number;
  readonly forwardedPerS: number;
}

export interface QueueLevel {
  readonly messages: number;
  readonly consumers: number;
}

/** What a publisher has yet to send. */
export interface OutboxLevel {
  readonly depth: number;
  readonly oldestAgeMs: number;
  readonly publishedPerS: number;
  readonly clockOffsetMs: number;
}

export interface ServiceNode {
  readonly name: string;
  readonly isPublisher: boolean;
  readonly isSubscriber: boolean;
  readonly health: ServiceHealth;
  readonly instances: readonly Instance[];
  /** Its work queue; undefined: there is none. */
  readonly queue?: QueueLevel;
  /** Events in its parked queue; left out: none. */
  readonly parked?: number;
  readonly outbox?: OutboxLevel;
}

/** A subscription: publisher → subscriber. */
export interface Edge {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityTypes?: readonly EntityType[];
  readonly state: EdgeState;
  /** What else it is in. */
  readonly also?: readonly EdgeState[];
  /** Events that event managers sent on to it, and events that the subscriber has settled, a second. */
  readonly inPerS: number;
  readonly outPerS: number;
  /** Of what was applied in the last minute or so. */
  readonly lagP50Ms?: number;
  readonly lagP99Ms?: number;
  /** Of the last event or heartbeat. */
  readonly lastLagMs?: number;
  /** In the subscriber's work queue, which all its subscriptions share, or, while paused, in the subscription's own. */
  readonly depth: number;
  readonly consumers: number;
  /** Events in the subscriber's parked queue, which all its subscriptions share. */
  readonly parked: number;
  readonly versionsBehind?: number;
}

export interface Topology {
  readonly at: string;
  /** Grows with each change that this manager has seen while somebody looked. */
  readonly revision: number;
  readonly managers: readonly ManagerNode[];
  /** The managers' own queue, through which all events go. */
  readonly intake?: QueueLevel;
  readonly services: readonly ServiceNode[];
  readonly edges: readonly Edge[];
}

export type EdgeKey = Pick<Edge, 'publisher' | 'subscriber'>;

/** From one revision to the next: what was left out is as it was. */
export interface TopologyChanges {
  readonly at: string;
  readonly revision: number;
  readonly managers?: readonly ManagerNode[];
  readonly intake?: QueueLevel;
  /** New ones, and those that have changed, whole. */
  readonly services?: readonly ServiceNode[];
  readonly edges?: readonly Edge[];
  readonly removedServices?: readonly string[];
  readonly removedEdges?: readonly EdgeKey[];
}
