import { DbEventError, isDryRun, type Queryable, type Version } from '@dbem/db-event';
import { decodeReply, encodeEvent } from '@dbem/entity-codec';
import { checkpoint } from '@dbem/runtime';
import { currentTraceContext } from '@dbem/telemetry';
import { type Broker, EVENT_EXCHANGE, MANAGER_ROUTING_KEY } from '@dbem/transport';
import { type Change, someOrNone } from './change';
import { ChangePublisher, type PublishedChange } from './change-publisher.port';
import { noteOfVersions, takeNote } from './postgres/note-changes';
import { notePublished } from './published-changes';

export interface ConfirmThenCommitOptions {
  /** The publisher's name on the wire. */
  readonly service: string;
  /** How long to wait for the event manager's acknowledgement, ms. Default: 5,000. */
  readonly timeoutMs?: number;
}

/**
 * The origin's own protocol: sends the event while the transaction is open, and lets it commit only when the event manager
 * has acknowledged.
 *
 * Its hole: a crash, or a failing commit, after the acknowledgement leaves subscribers with a change that never happened.
 * And a write is possible only while broker and event manager are up. The outbox has neither fault.
 *
 * Rejects with PUBLISH_REFUSED (the event manager's answer, in `details`), REQUEST_TIMEOUT, or as the broker does. Of
 * several changes, those before the one that failed have been sent.
 */
export class ConfirmThenCommitChangePublisher extends ChangePublisher {
  constructor(
    private readonly broker: Broker,
    private readonly options: ConfirmThenCommitOptions,
  ) {
    super();
  }

  async publishAll<Entity>(
    transaction: Queryable,
    changes: readonly Change<Entity>[],
  ): Promise<readonly PublishedChange[]> {
    if (isDryRun()) {
      throw new DbEventError(
        'DRY_RUN_IMPOSSIBLE',
        'It publishes by confirm-then-commit, which no rollback takes back: it is not tried',
      );
    }
    const versions = await takeNote(transaction, noteOfVersions(changes));
    const published: PublishedChange[] = [];
    for (const [index, change] of changes.entries()) {
      published.push(await this.send(change, versions[index] as bigint));
    }
    checkpoint('publisher.published');
    notePublished(published);
    return published;
  }

  private async send<Entity>(
    { codec, crudType, entity, dependsOn }: Change<Entity>,
    version: Version,
  ): Promise<PublishedChange> {
    const { service: publisher, timeoutMs = 5_000 } = this.options;
    const { entityType } = codec;
    const entityId = codec.idOf(entity);
    const eventId = `${publisher}:${version}`;
    const body = encodeEvent({
      publisher,
      entityType,
      crudType,
      entity: codec.encode(entity),
      eventId,
      entityId,
      version,
      changeTimeMs: Date.now(),
      dependencies: someOrNone(dependsOn),
    });
    const { body: answer } = await this.broker.request(
      {
        exchange: EVENT_EXCHANGE,
        routingKey: MANAGER_ROUTING_KEY,
        contentType: 'text/plain',
        messageId: eventId,
        headers: currentTraceContext() ?? {},
        body,
      },
      { timeoutMs },
    );
    const reply = decodeReply(answer);
    if (reply.status === 'REJECTED') {
      throw new DbEventError('PUBLISH_REFUSED', `The event manager refused the change: ${reply.reason}`, {
        retryable: reply.retryable,
        details: { code: reply.code, reason: reply.reason },
      });
    }
    return { publisher, entityType, entityId, version };
  }
}
