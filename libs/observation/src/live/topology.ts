import { ENTITY_TYPES } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/**
 * What a subscription can be in, gravest first. `expired`: its subscriber stayed away for too long. `silent`: nobody takes from its
 * subscriber's queue. `paused`: its events wait in a queue of their own, or are being moved on from there. `backfilling`: a
 * backfill or a repair is under way. `parked`: the subscriber has parked events. `flowing`: none of these.
 */
export const EDGE_STATES = ['expired', 'silent', 'paused', 'backfilling', 'parked', 'flowing'] as const;

export type EdgeState = (typeof EDGE_STATES)[number];

/**
 * `ready`: every instance that is there says so. `unready`: one says that it is not. `gone`: there were some, and none is received any
 * more. `unknown`: none has ever been received, as of an old service.
 */
const SERVICE_HEALTHS = ['ready', 'unready', 'gone', 'unknown'] as const;

export type ServiceHealth = (typeof SERVICE_HEALTHS)[number];

/** A process of a service, or an event manager, as it said of itself last. */
export const Instance = z
  .object({
    id: z.string().describe('Drawn at each start of the process.'),
    state: z.enum(['ready', 'unready', 'gone']).describe('gone: it has fallen silent without a word of leave.'),
    reasons: z.array(z.string()).optional().describe('Why it is not ready.'),
    software: z.string().meta({ description: 'The version of the software that it runs.', example: '0.1.0' }),
    startedAt: z.iso.datetime(),
    lastReceivedAt: z.iso.datetime().optional().describe('Of one that is gone.'),
  })
  .meta({ id: 'InstanceDto' });

export type Instance = DeepReadonly<z.infer<typeof Instance>>;

export const ManagerNode = Instance.extend({
  receivedPerS: z.number().describe('Events taken from the managers’ queue, a second.'),
  forwardedPerS: z.number().describe('PendingFanOut that the broker has confirmed in the services’ queues, a second.'),
}).meta({ id: 'ManagerNodeDto' });

export type ManagerNode = DeepReadonly<z.infer<typeof ManagerNode>>;

export const QueueLevel = z
  .object({
    messages: z.int().describe('Messages waiting, not counting those delivered and unacknowledged.'),
    consumers: z.int(),
  })
  .meta({ id: 'QueueLevelDto' });

/** What a publisher has yet to send. */
export const OutboxLevel = z
  .object({
    depth: z.int().describe('Changes that wait; counted up to 100000.'),
    oldestAgeMs: z.number(),
    publishedPerS: z.number().describe('Changes that the broker has confirmed, a second, of all instances.'),
    clockOffsetMs: z.number().describe('By how much the clock of its database is ahead of its process’s.'),
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
        'ready: every instance that is there says so. unready: one says that it is not. gone: there were some, and none is received ' +
          'any more. unknown: none has ever been received, as of an old service.',
      ),
    instances: z.array(Instance),
    queue: QueueLevel.optional().describe('Its work queue. Left out: there is none.'),
    parked: z.int().optional().describe('Events in its parked queue. Left out: none.'),
    outbox: OutboxLevel.optional().describe('Left out: it does not say.'),
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
        'The gravest that holds. expired: its subscriber stayed away for too long. silent: nobody takes from its subscriber’s ' +
          'queue. paused: its events wait in a queue of their own. backfilling: a backfill or a repair is under way. parked: the ' +
          'subscriber has parked events. flowing: none of these.',
      ),
    also: z.array(z.enum(EDGE_STATES)).optional().describe('What else holds.'),
    inPerS: z.number().describe('Events that event managers sent on to it, a second.'),
    outPerS: z.number().describe('Events that the subscriber has settled, a second; 0 of one that does not say.'),
    lagP50Ms: z
      .number()
      .optional()
      .describe('Median lag of what was applied in the last minute or so. Left out: nothing was.'),
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
        'The publisher’s newest version minus the newest that has come through. Left out: one of them does not say.',
      ),
  })
  .meta({ id: 'EdgeDto' });

export type Edge = DeepReadonly<z.infer<typeof Edge>>;

/** The revision grows with each change that this manager has seen while somebody looked. */
export const Topology = z
  .object({
    at: z.iso.datetime(),
    revision: z.int(),
    managers: z.array(ManagerNode),
    intake: QueueLevel.optional().describe('The managers’ own queue, through which all events go.'),
    services: z.array(ServiceNode),
    edges: z.array(Edge).describe('One a subscription.'),
  })
  .meta({ id: 'TopologyDto' });

export type Topology = DeepReadonly<z.infer<typeof Topology>>;

export const EdgeKey = Edge.pick({ publisher: true, subscriber: true }).meta({ id: 'EdgeKeyDto' });

export type EdgeKey = DeepReadonly<z.infer<typeof EdgeKey>>;

/** From one revision to the next: what was left out is as it was. */
export const TopologyChanges = z
  .object({
    at: z.iso.datetime(),
    revision: z.int().describe('One more than the revision that it is based on.'),
    managers: z.array(ManagerNode).optional().describe('All of them, if any has changed.'),
    intake: QueueLevel.optional(),
    services: z.array(ServiceNode).optional().describe('New and changed ones, whole.'),
    edges: z.array(Edge).optional().describe('New and changed ones, whole.'),
    removedServices: z.array(z.string()).optional(),
    removedEdges: z.array(EdgeKey).optional(),
  })
  .meta({ id: 'TopologyChangesDto' });

export type TopologyChanges = DeepReadonly<z.infer<typeof TopologyChanges>>;
