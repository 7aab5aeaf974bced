import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { Trouble } from './trouble';

/**
 * The states of a subscription, most severe first. `expired`: its subscriber was away for too long. `unconsumed`: its
 * subscriber's queue has no consumer. `paused`: its events wait in a queue of their own, or are being moved back from
 * there. `backfilling`: a backfill or a repair is under way. `parked`: the subscriber has parked events. `flowing`:
 * none of these.
 */
export const EDGE_STATES = ['expired', 'unconsumed', 'paused', 'backfilling', 'parked', 'flowing'] as const;

export type EdgeState = (typeof EDGE_STATES)[number];

/**
 * `ready`: all live instances report ready. `unready`: a live instance reports that it is not ready. `gone`: the
 * reports of all instances have timed out. `unknown`: no instance has ever reported, as with a legacy service.
 */
const SERVICE_HEALTHS = ['ready', 'unready', 'gone', 'unknown'] as const;

export type ServiceHealth = (typeof SERVICE_HEALTHS)[number];

/** The last report of a service's process or of an event manager. */
export const Instance = z
  .object({
    id: z.string().describe('Generated at each start of the process.'),
    state: z
      .enum(['ready', 'unready', 'gone'])
      .describe('gone: its reports have timed out, although it did not report a shutdown.'),
    reasons: z.array(z.string()).optional().describe('Why it is not ready.'),
    software: z.string().meta({ description: 'The version of the software that it runs.', example: '0.1.0' }),
    startedAt: z.iso.datetime(),
    lastReceivedAt: z.iso.datetime().optional().describe('Time of its last report, if it is gone.'),
  })
  .meta({ id: 'InstanceDto' });

export type Instance = DeepReadonly<z.infer<typeof Instance>>;

export const ManagerNode = Instance.extend({
  receivedPerS: z.number().describe('Events received from the managers’ queue, per second.'),
  forwardedPerS: z.number().describe('Messages that the broker has confirmed in the services’ queues, per second.'),
}).meta({ id: 'ManagerNodeDto' });

export type ManagerNode = DeepReadonly<z.infer<typeof ManagerNode>>;

export const QueueLevel = z
  .object({
    messages: z.int().describe('Messages waiting, not counting those delivered and unacknowledged.'),
    events: z.int().describe('Events in these messages, estimated from what this manager last sent or received.'),
    consumers: z.int(),
  })
  .meta({ id: 'QueueLevelDto' });

export type QueueLevel = DeepReadonly<z.infer<typeof QueueLevel>>;

/** The changes that a publisher has not sent yet. */
export const OutboxLevel = z
  .object({
    depth: z.int().describe('Changes waiting, counted up to 100000.'),
    oldestAgeMs: z.number(),
    publishedPerS: z.number().describe('Changes confirmed by the broker, per second, of all instances.'),
    clockOffsetMs: z.number().describe('How far its database’s clock is ahead of its process’s clock, ms.'),
  })
  .meta({ id: 'OutboxLevelDto' });

export type OutboxLevel = DeepReadonly<z.infer<typeof OutboxLevel>>;

export const ServiceNode = z
  .object({
    name: z.string().meta({ example: 'sharing' }),
    isPublisher: z.boolean(),
    isSubscriber: z.boolean(),
    health: z
      .enum(SERVICE_HEALTHS)
      .describe(
        'ready: all live instances report ready. unready: a live instance reports that it is not ready. gone: the reports of all ' +
          'instances have timed out. unknown: no instance has ever reported, as with a legacy service.',
      ),
    instances: z.array(Instance),
    queue: QueueLevel.optional().describe('Its work queue. Left out: there is none.'),
    parked: z.int().optional().describe('Events in its parked queue. Left out: none.'),
    outbox: OutboxLevel.optional().describe('Left out: it does not report one.'),
  })
  .meta({ id: 'ServiceNodeDto' });

export type ServiceNode = DeepReadonly<z.infer<typeof ServiceNode>>;

/** A subscription: publisher → subscriber. */
export const Edge = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    subscriber: z.string().meta({ example: 'sharing' }),
    entityTypes: z.array(z.enum(ENTITY_TYPES)).optional().describe('Left out: all entity types.'),
    state: z
      .enum(EDGE_STATES)
      .describe(
        'The most severe state. expired: its subscriber was away for too long. unconsumed: its subscriber’s queue has no ' +
          'consumer. paused: its events wait in a queue of their own. backfilling: a backfill or a repair is under way. parked: the ' +
          'subscriber has parked events. flowing: none of these.',
      ),
    also: z.array(z.enum(EDGE_STATES)).optional().describe('Its other states.'),
    inPerS: z.number().describe('Events forwarded to it by the event managers, per second.'),
    outPerS: z
      .number()
      .describe('Events that the subscriber has applied or found stale, per second; 0 if it does not report.'),
    lagP50Ms: z
      .number()
      .optional()
      .describe('Median lag of the events applied in about the last minute. Left out: there were none.'),
    lagP99Ms: z.number().optional(),
    lastLagMs: z.number().optional().describe('Lag of the last event or heartbeat. Below zero: the clocks differ.'),
    depth: z
      .int()
      .describe(
        'Messages in the subscriber’s work queue, which all its subscriptions share, or, while paused, in the subscription’s own.',
      ),
    consumers: z.int().describe('Consumers of the subscriber’s work queue.'),
    parked: z.int().describe('Events in the subscriber’s parked queue, which all its subscriptions share.'),
    versionsBehind: z
      .int()
      .optional()
      .describe(
        'The publisher’s newest version minus the newest version that the subscriber has received. Left out: one of them does not report it.',
      ),
  })
  .meta({ id: 'EdgeDto' });

export type Edge = DeepReadonly<z.infer<typeof Edge>>;

/** The revision increases with each change that this manager has noticed while there were viewers. */
export const Topology = z
  .object({
    at: z.iso.datetime(),
    revision: z.int(),
    managers: z.array(ManagerNode),
    intake: QueueLevel.optional().describe('The managers’ own queue, through which all events go.'),
    services: z.array(ServiceNode),
    edges: z.array(Edge).describe('One per subscription.'),
    troubles: z.array(Trouble).describe('What is wrong at the moment, errors first.'),
  })
  .meta({ id: 'TopologyDto' });

export type Topology = DeepReadonly<z.infer<typeof Topology>>;

export const EdgeKey = Edge.pick({ publisher: true, subscriber: true }).meta({ id: 'EdgeKeyDto' });

export type EdgeKey = DeepReadonly<z.infer<typeof EdgeKey>>;

/** The changes from one revision to the next; absent parts are unchanged. */
export const TopologyChanges = z
  .object({
    at: z.iso.datetime(),
    revision: z.int().describe('One more than the revision that it is based on.'),
    managers: z.array(ManagerNode).optional().describe('All managers, if any has changed.'),
    intake: QueueLevel.optional(),
    services: z.array(ServiceNode).optional().describe('New and changed ones, complete.'),
    edges: z.array(Edge).optional().describe('New and changed ones, complete.'),
    troubles: z.array(Trouble).optional().describe('All troubles, if any has changed.'),
    removedServices: z.array(z.string()).optional(),
    removedEdges: z.array(EdgeKey).optional(),
  })
  .meta({ id: 'TopologyChangesDto' });

export type TopologyChanges = DeepReadonly<z.infer<typeof TopologyChanges>>;
