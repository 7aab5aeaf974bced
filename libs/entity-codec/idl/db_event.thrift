/*
 * Messages between services and the event manager. The fields below 100 are the wire contract of Apache Airavata's
 * db-event-manager, unchanged. Fields from 101 on are our additions: all optional, skipped by legacy readers.
 */

enum MessageType {
  EXPERIMENT = 0,
  EXPERIMENT_CANCEL = 1,
  TASK = 2,
  PROCESS = 3,
  JOB = 4,
  LAUNCHPROCESS = 5,
  TERMINATEPROCESS = 6,
  PROCESSOUTPUT = 7,
  DB_EVENT = 8,
  INTERMEDIATE_OUTPUTS = 9
}

enum MessageLevel { INFO = 0, DEBUG = 1, ERROR = 2, ACK = 3 }

enum CrudType { CREATE = 0, READ = 1, UPDATE = 2, DELETE = 3 }

enum EntityType {
  USER_PROFILE = 0,
  TENANT = 1,
  GROUP = 2,
  PROJECT = 3,
  EXPERIMENT = 4,
  APPLICATION = 5,
  SHARING = 6,
  REGISTRY = 7
}

enum DBEventType { PUBLISHER = 0, SUBSCRIBER = 1 }

enum SubscriptionAction { SUBSCRIBE = 0, UNSUBSCRIBE = 1 }

enum ReplyStatus { ACCEPTED = 0, REJECTED = 1 }

/** A change that must be applied before the event that names it. */
struct DBEventDependency {
  1: required string publisherService
  2: required EntityType entityType
  3: required string entityId
  /** At least this version. Absent: any. */
  4: optional i64 version
}

struct DBEventPublisherContext {
  1: required CrudType crudType
  2: required EntityType entityType
  /** The serialized entity; opaque to the event manager. */
  3: required binary entityDataModel
  /** Unique per event. */
  101: optional string eventId
  /** Unique among the publisher's entities of this type. */
  102: optional string entityId
  /** Grows per entity. */
  103: optional i64 version
  /** When the change was made; ms since 1970. */
  104: optional i64 changeTime
  /** Only with a version. */
  105: optional list<DBEventDependency> dependencies
  /** True: a heartbeat, not a change; crudType is READ, entityDataModel is empty. */
  110: optional bool heartbeat
  /** The only subscriber that receives the event, if it is subscribed. Absent: all subscribers. */
  111: optional string recipient
  /** Only for a READ that repairs a replica whose row differs at this version: grows with each repair. */
  112: optional i64 repairNumber
}

struct DBEventPublisher {
  1: required DBEventPublisherContext publisherContext
}

struct DBEventSubscriber {
  1: required string subscriberService
  /** Absent: SUBSCRIBE. */
  101: optional SubscriptionAction action
  /** Absent: all entity types. */
  102: optional list<EntityType> entityTypes
  /** True: the event manager declares the service's queue. Absent: the service declares its own. */
  103: optional bool declareQueue
  /** True: the service understands heartbeats. Absent: it receives none. */
  110: optional bool heartbeats
  /** The service requests a backfill of these entity types. */
  111: optional list<EntityType> backfill
  /** The subscriber has rebuilt its replicas after it expired at this time; the reply's expiredSince. */
  112: optional i64 rebuiltSince
}

union DBEventMessageContext {
  1: DBEventPublisher publisher
  2: DBEventSubscriber subscriber
}

struct DBEventMessage {
  1: required DBEventType dbEventType
  2: required DBEventMessageContext messageContext
  3: required string publisherService
}

/** The body of every AMQP message to the event manager, and from it to a service. */
struct Message {
  /** A serialized DBEventMessage. */
  1: required binary event
  2: required string messageId = "DO_NOT_SET_AT_CLIENTS"
  3: required MessageType messageType
  /** ms since 1970. */
  4: optional i64 updatedTime
  5: optional MessageLevel messageLevel
}

/** The event manager's answer to a message that names a reply queue. */
struct DBEventReply {
  1: required ReplyStatus status
  /** ACCEPTED: the services that receive the event. */
  2: optional list<string> services
  /** REJECTED: the error code. */
  3: optional string code
  /** REJECTED: the error message. */
  4: optional string reason
  /** REJECTED: the same message may be accepted later. */
  5: optional bool retryable
  /** ACCEPTED subscription: it expired at this time (ms since 1970), and the subscriber has not been rebuilt since. */
  101: optional i64 expiredSince
}
